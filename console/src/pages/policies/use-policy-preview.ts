import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { policyPreviewQuery } from "../../api/policies";
import type { PolicyTemplate } from "../../api/types";
import type { Texts } from "./policy-form";

/** Milliseconds of quiet before the server is asked about what was typed. */
const QUIET = 300;

/** A template as the server sees it now, and the texts it suggests for exactly this template. */
export function usePolicyPreview(template: PolicyTemplate | null) {
  const text = JSON.stringify(template);
  const [asked] = useDebouncedValue(text, QUIET);
  const sent = JSON.parse(asked) as PolicyTemplate | null;
  const { data, error, isPlaceholderData } = useQuery({
    ...policyPreviewQuery(sent ?? { metric: "cpu", comparator: ">", threshold: 0 }),
    enabled: sent !== null,
  });
  const isOfThis = asked === text && !isPlaceholderData;
  const suggested: Texts | null =
    isOfThis && data?.summary !== undefined && data.details !== undefined ? { summary: data.summary, details: data.details } : null;
  return { preview: data, error, suggested };
}
