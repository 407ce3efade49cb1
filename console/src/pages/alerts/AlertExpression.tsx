import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { policyQuery } from "../../api/policies";
import type { Alert } from "../../api/types";
import { useNow } from "../../components/use-now";
import { paths } from "../../paths";
import { exprOfLink, graphOfAlert } from "../explore/question";

/** The expression that made an alert: its policy's, or the one to which its generator URL leads. Undefined while it is asked for. */
export function useAlertExpr({ policy, generator_url }: Alert): string | null | undefined {
  const { data, isPending } = useQuery({ ...policyQuery(policy?.id ?? 0), enabled: policy !== null });
  if (policy) return isPending ? undefined : (data?.expr ?? null);
  return exprOfLink(generator_url);
}

/** An expression, and how it went from before the alert began. */
export function AlertExpression({ alert, expr }: { alert: Alert; expr: string | undefined }) {
  const now = useNow();
  if (expr === undefined) return <Skeleton height={16} my={4} />;
  return (
    <>
      <code className="two-lines" title={expr}>{expr}</code>
      <Text span size="sm">
        <Link {...paths.explore(graphOfAlert(expr, alert.starts_at, alert.ends_at, now))}>See how it went</Link>
      </Text>
    </>
  );
}
