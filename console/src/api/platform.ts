import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";

/** Milliseconds after which what is measured all the time is asked for again: no event tells of it. */
const MEASURED_EVERY = 10_000;

/** The rule files with their groups, and what is wrong with them. */
export const ruleFilesQuery = queryOptions({
  queryKey: ["policies", "rule-files"],
  queryFn: ({ signal }) => take(api.GET("/rule-files", { signal })),
  refetchInterval: MEASURED_EVERY,
});

/** Has the rule files read again; the answer says how they are then. */
export function useReloadRuleFiles() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.POST("/rule-files/reload")),
    onSuccess: (files) => {
      client.setQueryData(ruleFilesQuery.queryKey, files);
      return client.invalidateQueries({ queryKey: ["policies"] });
    },
  });
}

/** Where metrics come from, and how that does. */
export const metricsSourceQuery = queryOptions({
  queryKey: ["metrics-source"],
  queryFn: ({ signal }) => take(api.GET("/metrics-source", { signal })),
  refetchInterval: MEASURED_EVERY,
});

/** Which targets to show. */
export interface TargetQuestion {
  health?: "up" | "down" | "unknown" | undefined;
  q?: string | undefined;
  limit: number;
  offset: number;
}

/** What Larum scrapes, one page of it. */
export function targetsQuery(question: TargetQuestion) {
  return queryOptions({
    queryKey: ["metrics-source", "targets", question],
    queryFn: ({ signal }) => take(api.GET("/metrics-source/targets", { signal, params: { query: question } })),
    refetchInterval: MEASURED_EVERY,
    placeholderData: keepPreviousData,
  });
}

/** What is not told while something else fires. */
export const inhibitionsQuery = queryOptions({
  queryKey: ["alerts", "inhibitions"],
  queryFn: ({ signal }) => take(api.GET("/inhibitions", { signal })),
});

/** The alerts that always fire, those that have stopped among them. */
export const heartbeatsQuery = queryOptions({
  queryKey: ["alerts", "heartbeats"],
  queryFn: ({ signal }) => take(api.GET("/heartbeats", { signal })),
  refetchInterval: MEASURED_EVERY,
});
