import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, take } from "./client";

/** Milliseconds after which the routes are asked for again: that a file was read or an interval began, no event tells. */
const MOVES_EVERY = 10_000;

/** What the `alertmanager.yml` says that Larum was started with, if there is one. */
export const routingQuery = queryOptions({
  queryKey: ["receivers", "routing"],
  queryFn: ({ signal }) => take(api.GET("/routing", { signal })),
  refetchInterval: MOVES_EVERY,
});

/** Whom labels lead to, as people write them. */
export function routingTestQuery(labels: string) {
  return queryOptions({
    queryKey: ["receivers", "routing-test", labels],
    queryFn: ({ signal }) => take(api.POST("/routing/test", { signal, body: { labels } })),
    placeholderData: keepPreviousData,
    retry: false,
    // What is wrong with the labels stays wrong.
    refetchInterval: false,
  });
}
