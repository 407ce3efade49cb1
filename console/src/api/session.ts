import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, take } from "./client";
import { ApiProblem } from "./problem";
import type { Session } from "./types";

/** Who is logged in, or null. Does not belong to a topic: nobody else can change it. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await take(api.GET("/session"));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

/** The session of whoever uses the page. Only below `SessionGate`, which guarantees one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  return data ?? { mode: "serve", user: { name: "", role: "viewer" }, must_change_password: false };
}

/** Whether a file says everything and nobody logs in (`larum alertmanager`): there are no policies and no settings. */
export function useIsAlertmanager(): boolean {
  return useSession().mode === "alertmanager";
}

/** Words for a disabled control, or null when this user may change things. */
export function useWriteRefusal(): string | null {
  const { user } = useSession();
  return user.role === "platform-admin" ? null : "Only users with the role platform-admin can change this.";
}

/** Logs in; everything shown before is asked again, as another user may see other things. */
export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; password: string }) => take(api.POST("/session", { body })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}

/** Logs out and forgets everything that was read. */
export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.DELETE("/session")),
    onSettled: () => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, null);
    },
  });
}

/** Changes the own password. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => take(api.PUT("/session/password", { body })),
    onSuccess: () => client.invalidateQueries(),
  });
}
