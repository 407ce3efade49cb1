import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { alertsQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import { useAlertingOff } from "../../api/status";
import type { Policy } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Since } from "../../components/RelativeTime";
import { StateTag } from "../../components/states";
import { paths } from "../../paths";
import { messageOf } from "../alerts/words";
import classes from "./Policies.module.css";

/** How many alerts are listed. */
const MOST_LISTED = 50;

/** The alerts a policy makes at this moment, with what was measured and since when. */
export function PolicyAlerts({ policy }: { policy: Policy }) {
  const { data, error, refetch } = useQuery(alertsQuery({ policy: policy.id, state: "firing,pending", limit: MOST_LISTED }));
  if (!data) return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : <Skeleton height={40} />;
  if (data.alerts.length === 0) return <NoAlerts policy={policy} />;
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
            <StateTag state={alert.state} />
          </li>
        ))}
      </ul>
      {data.total > MOST_LISTED && <Text size="sm" c="dimmed" mt={4}>and {data.total - MOST_LISTED} more</Text>}
    </>
  );
}

/** That a policy has no alerts, which is not always because all is well. */
function NoAlerts({ policy }: { policy: Policy }) {
  const isOff = useAlertingOff();
  const why = isOff && policy.enabled ? "None: alerting is switched off." : (whyNone[policy.state] ?? "None: its condition holds for nothing it watches.");
  return <Text size="sm" c="dimmed">{why}</Text>;
}

const whyNone: Partial<Record<Policy["state"], string>> = {
  disabled: "None: it is disabled.",
  no_data: "None: what it watches is not measured now. That does not mean that it is well.",
  error: "None known: it cannot be evaluated now.",
};
