import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { alertsQuery } from "../../api/alerts";
import type { Policy } from "../../api/types";
import { Since } from "../../components/RelativeTime";
import { capitalised } from "../../components/severity";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import { messageOf, stateTones } from "../alerts/words";
import classes from "./Policies.module.css";

/** How many alerts are listed. */
const MOST_LISTED = 50;

/** The alerts a policy makes at this moment, with what was measured and since when. */
export function PolicyAlerts({ policy }: { policy: Policy }) {
  const { data } = useQuery(alertsQuery({ policy: policy.id, state: "firing,pending", limit: MOST_LISTED }));
  if (!data || data.alerts.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {whyNone[policy.state] ?? "None: its condition holds for nothing it watches."}
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.series} style={{ marginTop: 0 }}>
        {data.alerts.map((alert) => (
          <li key={alert.id} className={classes.alert}>
            <span className="wrap-anywhere">
              <Link {...paths.alert(alert.id)}>{messageOf(alert)}</Link>
            </span>
            <span className="tabular">{alert.value_text}</span>
            <Text span size="sm" c="dimmed">
              <Since at={alert.starts_at} />
            </Text>
            <Tag tone={stateTones[alert.state]}>{capitalised(alert.state)}</Tag>
          </li>
        ))}
      </ul>
      {data.total > MOST_LISTED && <Text size="sm" c="dimmed" mt={4}>and {data.total - MOST_LISTED} more</Text>}
    </>
  );
}

/** Why a policy has no alerts, where that is not because all is well. */
const whyNone: Partial<Record<Policy["state"], string>> = {
  disabled: "None: it is disabled.",
  no_data: "None: nothing is measured of what it watches, which is not healthy.",
  error: "None known: it cannot be evaluated.",
};
