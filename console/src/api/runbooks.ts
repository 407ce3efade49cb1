import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, take } from "./client";

/** The pages that come with Larum and contain these words; how many of their alerts fire changes with the alerts. */
export function runbooksQuery(q: string | undefined) {
  return queryOptions({
    queryKey: ["alerts", "runbooks", q ?? ""],
    queryFn: ({ signal }) => take(api.GET("/runbooks", { signal, params: { query: q === undefined ? {} : { q } } })),
    placeholderData: keepPreviousData,
  });
}

/** The page about the alerts of one name. */
export function runbookQuery(name: string) {
  return queryOptions({
    queryKey: ["alerts", "runbook", name],
    queryFn: ({ signal }) => take(api.GET("/runbooks/{name}", { signal, params: { path: { name } } })),
  });
}

/** The names of all pages, which a new version of Larum changes and nothing else. */
export const runbookNamesQuery = queryOptions({
  queryKey: ["runbook-names"],
  queryFn: async ({ signal }) => {
    const { runbooks } = await take(api.GET("/runbooks", { signal }));
    return new Set(runbooks.map(({ name }) => name));
  },
  staleTime: Infinity,
});
