import { queryOptions, useQuery } from "@tanstack/react-query";

import { api, take } from "./client";

/** What the banners say: who is told, whether the disk is full, which Slack is spoken to. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => take(api.GET("/status", { signal })),
  refetchInterval: 60_000,
});

/** Whether alerting as a whole is switched off: then what policies look like says nothing about what they watch. */
export function useAlertingOff(): boolean {
  const { data } = useQuery(statusQuery);
  return data?.alerting.enabled === false;
}
