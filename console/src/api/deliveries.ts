import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";

/** What to list. `state` holds words joined by commas, as in the address of the page. */
export interface DeliveriesFilter {
  state?: string;
  receiver?: number;
  channel?: string;
}

/** How many deliveries one page of the log holds. */
const PAGE_SIZE = 50;

/** The delivery log, newest first, page after page. */
export function deliveriesQuery(filter: DeliveriesFilter) {
  return infiniteQueryOptions({
    queryKey: ["deliveries", "list", filter],
    queryFn: ({ signal, pageParam }) =>
      take(
        api.GET("/deliveries", {
          signal,
          params: { query: { ...filter, limit: PAGE_SIZE, ...(pageParam ? { before: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** One delivery with the exact message. */
export function deliveryQuery(id: string) {
  return queryOptions({
    queryKey: ["deliveries", "one", id],
    queryFn: ({ signal }) => take(api.GET("/deliveries/{id}", { signal, params: { path: { id } } })),
  });
}

/** Tries a waiting or dead delivery now. */
export function useRetryDelivery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.POST("/deliveries/{id}/retry", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["deliveries"] }),
  });
}
