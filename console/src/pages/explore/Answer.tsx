import { Paper, Skeleton, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { asProblem, fieldError } from "../../api/problem";
import { TRUNCATED, type Evaluated } from "../../api/query";
import { ErrorState } from "../../components/ErrorState";
import { Notice } from "../../components/Notice";
import { exact, took } from "../../components/time";
import classes from "./Explore.module.css";

interface AnswerProps<Data extends Evaluated<unknown>> {
  asked: UseQueryResult<Data>;
  /** How many series there are, in words. */
  count: (answer: Data) => string;
  /** Said when the answer is cut short. */
  cut: string;
  children: (answer: Data) => ReactNode;
}

/** What came of an expression: its answer with what there is to remark, or why there is none. */
export function Answer<Data extends Evaluated<unknown>>({ asked, count, cut, children }: AnswerProps<Data>) {
  const { data, error, isPlaceholderData, refetch } = asked;
  if (error) {
    const problem = asProblem(error);
    if (fieldError(problem, "query") === null) return <ErrorState problem={problem} onRetry={() => void refetch()} />;
    return <Paper withBorder radius="lg" p="lg"><Text size="sm" c="dimmed">There is no answer: see what is said about the expression.</Text></Paper>;
  }
  if (!data) return <Skeleton height={300} radius="lg" aria-label="Evaluating" />;
  const warnings = data.warnings.filter((words) => words !== TRUNCATED);
  return (
    <div aria-busy={isPlaceholderData} className={classes.answer}>
      {data.warnings.length > warnings.length && <Notice tone="amber" icon={IconAlertTriangle}>{cut}</Notice>}
      {warnings.map((words) => <Notice key={words} tone="amber" icon={IconAlertTriangle}>{words}</Notice>)}
      {data.infos.map((words) => <Notice key={words} tone="blue" icon={IconInfoCircle}>{words}</Notice>)}
      {children(data)}
      <Text size="sm" c="dimmed" role="status" className="tabular">
        {count(data)}, evaluated in {took(data.took)} at <time dateTime={new Date(data.at).toISOString()} title={exact(data.at)}>{new Date(data.at).toLocaleTimeString("en-GB")}</time>
      </Text>
    </div>
  );
}
