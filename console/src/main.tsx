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

createRoot(root).render(
  <StrictMode>
    <Console router={createConsoleRouter()} queryClient={createQueryClient()} />
  </StrictMode>,
);
