import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { Policy, PolicyDraft, PolicyPreview, PolicyTemplate } from "./types";

/** All policies, built-in and custom. */
export const policiesQuery = queryOptions({
  queryKey: ["policies", "list"],
  queryFn: ({ signal }) => take(api.GET("/policies", { signal })),
});

/** One policy. */
export function policyQuery(id: number) {
  return queryOptions({
    queryKey: ["policies", "one", id],
    queryFn: ({ signal }) => take(api.GET("/policies/{id}", { signal, params: { path: { id } } })),
  });
}

/** The five templates with what the server allows in each. */
export const policyTemplatesQuery = queryOptions({
  queryKey: ["policy-templates"],
  queryFn: ({ signal }) => take(api.GET("/policies/templates", { signal })),
  staleTime: Infinity,
});

/** The expression a template becomes, and for which series it holds now. */
export function policyPreviewQuery(template: PolicyTemplate) {
  return queryOptions({
    queryKey: ["policies", "preview", template],
    queryFn: ({ signal }): Promise<PolicyPreview> => take(api.POST("/policies/preview", { signal, body: { template } })),
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: 15_000,
  });
}

/** Saves a new custom policy, or a new version of one. */
export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ saved, draft }: { saved: { id: number; version: number } | null; draft: PolicyDraft }) =>
      saved
        ? take(api.PUT("/policies/{id}", { params: { path: { id: saved.id } }, body: { ...draft, version: saved.version } }))
        : take(api.POST("/policies", { body: draft })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["policies"] }),
  });
}

/** Switches a policy on or off, built-in or custom. */
export function useSwitchPolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, enabled }: { policy: Policy; enabled: boolean }) =>
      take(
        api.PUT("/policies/{id}/enabled", {
          params: { path: { id: policy.id } },
          body: { enabled, version: policy.version },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["policies"] }),
  });
}

/** Deletes the version of a custom policy that the user saw. */
export function useDeletePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Pick<Policy, "id" | "version">) =>
      take(api.DELETE("/policies/{id}", { params: { path: { id }, query: { version } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["policies", "list"] }),
  });
}
