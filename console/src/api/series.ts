import { queryOptions } from "@tanstack/react-query";

/** At most so many values are offered. */
const MOST_OFFERED = 1000;

/** The values of a label that series have now, such as the names of nodes; none if nobody can say. */
export function labelValuesQuery(label: string, selectors: string[]) {
  return queryOptions({
    queryKey: ["label-values", label, selectors],
    queryFn: async ({ signal }): Promise<string[]> => {
      const asked = new URLSearchParams([...selectors.map((selector) => ["match[]", selector]), ["limit", String(MOST_OFFERED)]]);
      const request = new Request(new URL(`/api/v1/label/${label}/values?${asked}`, globalThis.location.href), { signal });
      const answer = await globalThis.fetch(request);
      if (!answer.ok) return [];
      const { data } = (await answer.json()) as { data?: string[] };
      return data ?? [];
    },
    staleTime: 30_000,
    retry: false,
  });
}
