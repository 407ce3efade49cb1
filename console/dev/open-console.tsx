import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";

import { createQueryClient } from "../src/api/query-client";
import { Console } from "../src/Console";
import { createConsoleRouter } from "../src/routes";
import { answer } from "./mock/answers";
import { scenarios, type Scenario } from "./mock/scenarios";

/** What a test asked the server to do: every request that is no read. */
export interface Write {
  method: string;
  path: string;
  body: unknown;
}

/** The whole console over a server in memory, as a person at the keyboard sees it. */
export function openConsole(path: string, scenarioName: keyof typeof scenarios) {
  const scenario = structuredClone(scenarios[scenarioName]) as Scenario;
  const writes: Write[] = [];
  vi.stubGlobal("EventSource", SilentStream);
  vi.stubGlobal("fetch", async (asked: Request | string) => {
    const request = typeof asked === "string" ? new Request(new URL(asked, "http://localhost")) : asked;
    const url = new URL(request.url, "http://localhost");
    const text = await request.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const apiPath = url.pathname.replace("/api/larum/v1", "");
    if (request.method !== "GET") writes.push({ method: request.method, path: apiPath, body });
    const reply = answer(scenario, request.method, apiPath, url.searchParams, body);
    return new Response(reply.json === undefined ? null : JSON.stringify(reply.json), {
      status: reply.status,
      headers: { "content-type": reply.status < 400 ? "application/json" : "application/problem+json" },
    });
  });
  const router = createConsoleRouter(createMemoryHistory({ initialEntries: [path] }));
  render(<Console router={router} queryClient={createQueryClient()} env="test" />);
  return { user: userEvent.setup(), scenario, writes, router };
}

/** A stream of events that never says anything. */
class SilentStream {
  static readonly CLOSED = 2;
  readyState = 1;
  addEventListener() {}
  close() {}
}
