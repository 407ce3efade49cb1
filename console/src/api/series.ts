import { queryOptions } from "@tanstack/react-query";

import { ask } from "./prometheus";

/** At most so many values are offered. */
const MOST_OFFERED = 1000;

/** The values of a label that series have now, such as the names of nodes. */
export function labelValuesQuery(label: string, selectors: string[]) {
  return queryOptions({
    queryKey: ["label-values", label, selectors],
    queryFn: async ({ signal }): Promise<string[]> => {
      const asked = new URLSearchParams([...selectors.map((selector) => ["match[]", selector]), ["limit", String(MOST_OFFERED)]]);
      return (await ask<string[]>(`label/${label}/values`, asked, signal)).data;
    },
    staleTime: 30_000,
    retry: false,
    // Who types goes on without what is offered.
    refetchInterval: false,
  });
}
