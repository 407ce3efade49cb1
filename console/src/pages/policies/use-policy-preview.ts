import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { policyPreviewQuery } from "../../api/policies";
import type { PolicyPreviewDraft } from "../../api/types";
import type { Texts } from "./policy-form";

/** Milliseconds of quiet before the server is asked about what was typed. */
const QUIET = 300;

/** A policy as the server sees it now, and what it suggests for exactly this rule. */
export function usePolicyPreview(draft: PolicyPreviewDraft | null) {
  const text = JSON.stringify(draft);
  const [asked] = useDebouncedValue(text, QUIET);
  const sent = JSON.parse(asked) as PolicyPreviewDraft | null;
  const { data, error, isPlaceholderData, isFetching } = useQuery({ ...policyPreviewQuery(sent ?? {}), enabled: sent !== null });
  const isOfThis = asked === text && !isPlaceholderData && data !== undefined;
  const suggested: Texts | null = isOfThis && draft?.template ? { summary: data.summary, details: data.details } : null;
  return { preview: data, error: asked === text ? error : null, suggested, expr: isOfThis ? data.expr : null, isFetching: isFetching || asked !== text };
}
