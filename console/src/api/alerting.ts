import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { AlertingUpdate } from "./types";

/** Whether policies speak at all, and how many alerts hang on it. The topic is that of policies. */
export const alertingQuery = queryOptions({
  queryKey: ["policies", "alerting"],
  queryFn: ({ signal }) => take(api.GET("/settings/alerting", { signal })),
});

/** Switches alerting as a whole; `version` is the one the user saw. */
export function useSwitchAlerting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AlertingUpdate) => take(api.PUT("/settings/alerting", { body })),
    onSuccess: (saved) => {
      client.setQueryData(alertingQuery.queryKey, saved);
      return Promise.all(["status", "alerts"].map((topic) => client.invalidateQueries({ queryKey: [topic] })));
    },
  });
}
