import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { Silence, SilenceDraft, SilencePreviewDraft } from "./types";

/** Milliseconds after which silences are asked for again: that one begins or is over, no event tells. */
const MOVES_EVERY = 10_000;

/** Which silences to list. `state` holds words joined by commas, as in the address of the page. */
export interface SilencesFilter {
  state?: string;
  q?: string;
  limit?: number;
  offset?: number;
}

/** Silences, and how many there are in each state. */
export function silencesQuery(filter: SilencesFilter) {
  return queryOptions({
    queryKey: ["silences", "list", filter],
    queryFn: ({ signal }) => take(api.GET("/silences", { signal, params: { query: filter } })),
    refetchInterval: MOVES_EVERY,
    placeholderData: keepPreviousData,
  });
}

/** One silence. */
export function silenceQuery(id: string) {
  return queryOptions({
    queryKey: ["silences", "one", id],
    queryFn: ({ signal }) => take(api.GET("/silences/{id}", { signal, params: { path: { id } } })),
    refetchInterval: MOVES_EVERY,
  });
}

/** What matchers would hide; follows the alerts as they change. */
export function silencePreviewQuery(body: SilencePreviewDraft) {
  return queryOptions({
    queryKey: ["alerts", "silence-preview", body],
    queryFn: ({ signal }) => take(api.POST("/silences/preview", { signal, body })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** What matchers would hide at this very moment. */
export function usePreviewSilence() {
  return useMutation({ mutationFn: (body: SilencePreviewDraft) => take(api.POST("/silences/preview", { body })) });
}

/** A silence as it was seen, for a change to start from. */
type Seen = Pick<Silence, "id" | "updated_at">;

/** Saves a new silence, or changes one; the answer says whether another took its place. */
export function useSaveSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ saved, draft }: { saved: Seen | null; draft: SilenceDraft }) => {
      if (saved) return take(api.PUT("/silences/{id}", { params: { path: { id: saved.id } }, body: { ...draft, updated_at: saved.updated_at } }));
      const made = await take(api.POST("/silences", { body: draft }));
      return { ...made, replaces: null };
    },
    onSuccess: () => refresh(client),
  });
}

/** Ends a silence now. */
export function useExpireSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Seen) => take(api.DELETE("/silences/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh(client),
  });
}

async function refresh(client: QueryClient): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: ["silences"] }), client.invalidateQueries({ queryKey: ["alerts"] })]);
}
