import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, take } from "./client";
import type { operations } from "./schema";

/** What to list. `state` and `severity` hold words joined by commas, as in the address of the page. */
export type AlertsFilter = NonNullable<operations["list_alerts"]["parameters"]["query"]>;

/** Current alerts, and the resolved ones of the last 24 hours when `state` asks for them. */
export function alertsQuery(filter: AlertsFilter) {
  return queryOptions({
    queryKey: ["alerts", "list", filter],
    queryFn: ({ signal }) => take(api.GET("/alerts", { signal, params: { query: filter } })),
    placeholderData: keepPreviousData,
  });
}

/** Those that fire, in the groups in which they are told; `limit` and `offset` count groups. */
export function alertGroupsQuery(filter: AlertsFilter) {
  return queryOptions({
    queryKey: ["alerts", "groups", filter],
    queryFn: ({ signal }) => take(api.GET("/alerts/groups", { signal, params: { query: filter } })),
    placeholderData: keepPreviousData,
  });
}

/** Of one alert and each receiver: was it told, when, where, and why not. */
export function whyQuery(id: string) {
  return queryOptions({
    queryKey: ["why", id],
    queryFn: ({ signal }) => take(api.GET("/why", { signal, params: { query: { alert: id } } })),
  });
}

/** One alert with everybody who was told, or why not. */
export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) => take(api.GET("/alerts/{id}", { signal, params: { path: { id } } })),
  });
}
