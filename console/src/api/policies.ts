import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { addressOf } from "../base";
import { api, take } from "./client";
import type { BuiltinUpdate, Policy, PolicyAction, PolicyDraft, PolicyPreview, PolicyPreviewDraft } from "./types";

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

/** The templates with what the server allows in each. */
export const policyTemplatesQuery = queryOptions({
  queryKey: ["policy-templates"],
  queryFn: ({ signal }) => take(api.GET("/policies/templates", { signal })),
  staleTime: Infinity,
});

/** What a policy would find now, and what it would have done. A new question gives the one before up. */
export function policyPreviewQuery(draft: PolicyPreviewDraft) {
  return queryOptions({
    queryKey: ["policy-preview", draft],
    queryFn: ({ signal }): Promise<PolicyPreview> => take(api.POST("/policies/preview", { signal, body: draft })),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
    refetchInterval: 60_000,
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
    onSuccess: () => refresh(client),
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
    onSettled: () => refresh(client),
  });
}

/** Changes what can be changed about a built-in policy. */
export function useEditBuiltin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, update }: { id: number; update: BuiltinUpdate }) =>
      take(api.PUT("/policies/{id}/builtin", { params: { path: { id } }, body: update })),
    onSuccess: () => refresh(client),
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

/** Does one thing to several policies as the user saw them, to each by itself. */
export function useChangePolicies() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, policies }: { action: PolicyAction; policies: Pick<Policy, "id" | "version">[] }) =>
      take(api.POST("/policies/actions", { body: { action, policies: policies.map(({ id, version }) => ({ id, version })) } })),
    onSettled: () => refresh(client),
  });
}

/** Makes policies of a rule file, or says what would become of it. */
export function useImportPolicies() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { yaml: string; dry_run: boolean; replace: boolean }) => take(api.POST("/policies/import", { body })),
    onSuccess: (_, { dry_run }) => (dry_run ? undefined : refresh(client)),
  });
}

/** Where the browser finds policies as a rule file. */
export function exportAddress(policies: Pick<Policy, "id">[]): string {
  return addressOf(`api/larum/v1/policies/export?ids=${policies.map(({ id }) => id).join(",")}`);
}

function refresh(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["policies"] });
}
