import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { MOST_TOASTS } from "./components/toast";
import type { createConsoleRouter } from "./routes";
import { theme, variables } from "./theme";

interface ConsoleProps {
  router: ReturnType<typeof createConsoleRouter>;
  queryClient: QueryClient;
  /** `test` leaves out transitions. */
  env?: "default" | "test";
}

/** The whole console: its look, its memory of the server, its pages. */
export function Console({ router, queryClient, env = "default" }: ConsoleProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" env={env}>
      <Notifications position="bottom-center" layout="stacked" limit={MOST_TOASTS} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
