import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import type { Role, UserRole } from "./types";

/** The local accounts. */
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => take(api.GET("/users", { signal })),
});

/** The service tokens of scripts, without their secrets. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => take(api.GET("/tokens", { signal })),
});

/** Adds a user; the answer holds a password that is shown once. */
export function useAddUser() {
  return useAccessMutation("users", (body: { name: string; role: UserRole }) => take(api.POST("/users", { body })));
}

/** Gives a user another role. */
export function useChangeRole() {
  return useAccessMutation("users", ({ name, role }: { name: string; role: UserRole }) =>
    take(api.PUT("/users/{name}", { params: { path: { name } }, body: { role } })),
  );
}

/** Deletes a user and ends the user's sessions. */
export function useDeleteUser() {
  return useAccessMutation("users", (name: string) => take(api.DELETE("/users/{name}", { params: { path: { name } } })));
}

/** Gives a user a new one-time password, which is shown once. */
export function useResetPassword() {
  return useAccessMutation("users", (name: string) =>
    take(api.POST("/users/{name}/reset-password", { params: { path: { name } } })),
  );
}

/** Makes a service token; the answer holds its secret, which is shown once. */
export function useAddToken() {
  return useAccessMutation("tokens", (body: { name: string; role: Role }) => take(api.POST("/tokens", { body })));
}

/** Revokes a service token. */
export function useDeleteToken() {
  return useAccessMutation("tokens", (id: number) => take(api.DELETE("/tokens/{id}", { params: { path: { id } } })));
}

function useAccessMutation<Input, Output>(topic: "users" | "tokens", mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: [topic] }) });
}
