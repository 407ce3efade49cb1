import { queryOptions } from "@tanstack/react-query";

import { api, take } from "./client";

/** What the banners say: who is told, whether the disk is full, which Slack is spoken to. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => take(api.GET("/status", { signal })),
  refetchInterval: 60_000,
});
