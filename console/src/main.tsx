import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { createQueryClient } from "./api/query-client";
import { Console } from "./Console";
import { createConsoleRouter } from "./routes";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has an element with the id root");

const router = createConsoleRouter();

createRoot(root).render(
  <StrictMode>
    <Console router={router} queryClient={createQueryClient()} />
  </StrictMode>,
);

/** Milliseconds after which the pages that were not asked for are loaded too: the first one goes before them. */
const OTHER_PAGES_AFTER = 3_000;

// A page that is there already opens also while Larum restarts.
setTimeout(() => {
  for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route);
}, OTHER_PAGES_AFTER);
