import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, take } from "./client";

/** What to look for in the history. `state` holds words joined by commas. */
export interface HistoryFilter {
  filter?: string[];
  policy?: number;
  state?: string;
  q?: string;
  /** How far back from now to look, in milliseconds; or from when to when, an absent end being open. */
  period: number | { from?: string; to?: string };
}

/** How many changes one page of the history holds. */
const PAGE_SIZE = 50;

/**
 * Every change of state, newest first, page after page.
 *
 * A change of alerts, policies or the state of Larum makes it ask again: the key begins with `alerts`.
 */
export function historyQuery({ period, ...filter }: HistoryFilter) {
  return infiniteQueryOptions({
    queryKey: ["alerts", "history", filter, period],
    queryFn: ({ signal, pageParam }) =>
      take(
        api.GET("/history", {
          signal,
          params: { query: { ...filter, ...timesOf(period), limit: PAGE_SIZE, ...(pageParam ? { before: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** What a policy did in the last so many milliseconds. */
export function timelineQuery(id: number, length: number) {
  return queryOptions({
    queryKey: ["policies", "timeline", id, length],
    queryFn: ({ signal }) =>
      take(api.GET("/policies/{id}/timeline", { signal, params: { path: { id }, query: timesOf(length) } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

function timesOf(period: HistoryFilter["period"]): { from?: string; to?: string } {
  return typeof period === "number" ? { from: new Date(Date.now() - period).toISOString() } : period;
}
