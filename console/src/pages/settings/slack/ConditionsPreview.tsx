import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "../../../api/problem";
import { conditionsPreviewQuery } from "../../../api/receivers";
import type { Condition } from "../../../api/types";
import { AlertList } from "../../alerts/AlertList";
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
      {data && <AlertList alerts={data.alerts} label="Alerts let through" />}
    </div>
  );
}

function countWords(matched: number, total: number): string {
  if (total === 0) return "Nothing fires now.";
  return `Lets through ${matched} of ${total === 1 ? "the 1 alert that fires" : `the ${total} alerts that fire`} now.`;
}
