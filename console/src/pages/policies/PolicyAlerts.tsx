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

/** The alerts a policy makes at this moment. */
export function PolicyAlerts({ policy }: { policy: Policy }) {
  const { data } = useQuery(alertsQuery({ policy: policy.id, state: "firing,pending", limit: 50 }));
  if (!data || data.alerts.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {policy.enabled ? "None: its condition holds for nothing it watches." : "None: it is disabled."}
      </Text>
    );
  }
  return (
    <ul className={classes.series} style={{ marginTop: 0 }}>
      {data.alerts.map((alert) => (
        <li key={alert.id}>
          <span className="wrap-anywhere">
            <Link {...paths.alert(alert.id)}>{messageOf(alert)}</Link>
          </span>
          <Text span size="sm" c="dimmed">
            <Since at={alert.starts_at} />
          </Text>
          <Tag tone={stateTones[alert.state]}>{capitalised(alert.state)}</Tag>
        </li>
      ))}
    </ul>
  );
}
