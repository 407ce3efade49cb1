import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "../../../api/problem";
import { conditionsPreviewQuery } from "../../../api/receivers";
import type { Alert, Condition } from "../../../api/types";
import { Since } from "../../../components/RelativeTime";
import { Severity } from "../../../components/severity";
import { paths } from "../../../paths";
import { messageOf } from "../../alerts/words";
import { draftOf, type ReceiverForm } from "./receiver-form";
import classes from "./Slack.module.css";

/** The filter in one sentence, and the current alerts it lets through. */
export function ConditionsPreview({ form }: { form: ReceiverForm }) {
  const [conditions] = useDebouncedValue(JSON.stringify(draftOf(form).conditions ?? null), 300);
  const { data, error } = useQuery(conditionsPreviewQuery(JSON.parse(conditions) as Condition[] | null));
  if (error) {
    return (
      <div className={classes.preview} role="status">
        <Text size="sm" c="dimmed">
          {asProblem(error).detail}
        </Text>
      </div>
    );
  }
  return (
    <div className={classes.preview} role="status" style={{ minHeight: 76 }}>
      <Text size="sm" fw={600}>
        {data?.sentence ?? " "}
      </Text>
      <Text size="sm" c="dimmed">
        {data && countWords(data.matched, data.total)}
      </Text>
      {data && data.alerts.length > 0 && <LetThrough alerts={data.alerts} />}
    </div>
  );
}

function LetThrough({ alerts }: { alerts: Alert[] }) {
  return (
    // A list that scrolls must be reachable by keyboard.
    <ul className={classes.alerts} aria-label="Alerts let through" tabIndex={0}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Severity severity={alert.severity} />
          <span className="two-lines wrap-anywhere">
            <Link {...paths.alert(alert.id)}>{messageOf(alert)}</Link>{" "}
            <Text span size="sm" c="dimmed">
              {alert.target}
            </Text>
          </span>
          <Text span size="sm" c="dimmed">
            <Since at={alert.starts_at} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

function countWords(matched: number, total: number): string {
  if (total === 0) return "Nothing fires now.";
  return `Lets through ${matched} of ${total === 1 ? "the 1 alert that fires" : `the ${total} alerts that fire`} now.`;
}
