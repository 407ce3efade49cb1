import { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "./problem";

/** Failures that another try can heal: no answer, or a server that is starting. */
function isPassing(error: Error): boolean {
  return error instanceof ApiProblem && (error.code === "unreachable" || error.status === 503);
}

/** The cache of everything read from the server. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isPassing(error),
        // A page that failed to load tries again by itself, as its message promises.
        refetchInterval: (query) => (query.state.status === "error" ? 10_000 : false),
      },
      mutations: { retry: false },
    },
  });
}
