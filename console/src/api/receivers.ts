import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { Condition, Receiver, ReceiverDraft } from "./types";

/** All Slack receivers and how many channels each may have. */
export const receiversQuery = queryOptions({
  queryKey: ["receivers"],
  queryFn: ({ signal }) => take(api.GET("/receivers", { signal })),
});

/** Where messages go, for everybody who may see the deliveries. */
export const receiverNamesQuery = queryOptions({
  queryKey: ["receivers", "names"],
  queryFn: ({ signal }) => take(api.GET("/deliveries/receivers", { signal })),
});

/** The app manifest that Slack takes when an app is created. */
export const manifestQuery = queryOptions({
  queryKey: ["slack-manifest"],
  queryFn: ({ signal }) => take(api.GET("/slack/manifest", { signal })),
  staleTime: Infinity,
});

/** Labels worth offering, and the known values of one of them. */
export function labelSuggestionsQuery(label: string) {
  return queryOptions({
    queryKey: ["label-suggestions", label],
    queryFn: ({ signal }) => take(api.GET("/label-suggestions", { signal, params: { query: { label } } })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** The filter in words and the current alerts it lets through; follows the alerts as they change. */
export function conditionsPreviewQuery(conditions: Condition[] | null) {
  return queryOptions({
    queryKey: ["alerts", "let-through", conditions],
    queryFn: ({ signal }) => take(api.POST("/receivers/preview", { signal, body: { conditions } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Saves a new receiver, or a new version of one. */
export function useSaveReceiver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ saved, draft }: { saved: { id: number; version: number } | null; draft: ReceiverDraft }) =>
      saved
        ? take(api.PUT("/receivers/{id}", { params: { path: { id: saved.id } }, body: { ...draft, version: saved.version } }))
        : take(api.POST("/receivers", { body: draft })),
    onSuccess: () => refresh(client),
  });
}

/** Deletes the version of a receiver that the user saw. */
export function useDeleteReceiver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Pick<Receiver, "id" | "version">) =>
      take(api.DELETE("/receivers/{id}", { params: { path: { id }, query: { version } } })),
    onSuccess: () => refresh(client),
  });
}

/** Asks Slack about a token and channels without saving anything. */
export function useCheckReceiver() {
  return useMutation({
    mutationFn: (body: { id?: number; token?: string; channels: string[] }) => take(api.POST("/receivers/check", { body })),
  });
}

/** Sends a test message with the form as it stands. */
export function useSendTestMessage() {
  return useMutation({
    mutationFn: (body: { id?: number; draft: ReceiverDraft }) => take(api.POST("/receivers/test", { body })),
  });
}

async function refresh(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ["receivers"] }),
    client.invalidateQueries({ queryKey: ["status"] }),
  ]);
}
