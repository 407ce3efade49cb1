import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { GroupingUpdate } from "./types";

/** How alerts become groups and how long each step waits. */
export const groupingQuery = queryOptions({
  queryKey: ["grouping"],
  queryFn: ({ signal }) => take(api.GET("/settings/grouping", { signal })),
});

/** Saves the grouping; `version` is the one the user saw. */
export function useSaveGrouping() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: GroupingUpdate) => take(api.PUT("/settings/grouping", { body })),
    onSuccess: (saved) => client.setQueryData(groupingQuery.queryKey, saved),
  });
}
