import type { IncomingMessage, ServerResponse } from "node:http";

import type { Connect, Plugin } from "vite";

import { answer } from "./answers.ts";
import { scenarios } from "./scenarios.ts";

const PREFIX = "/api/larum/v1";

/**
 * A server in memory for looking at the console without Larum. `POST /mock/NAME` starts a scenario
 * over; `LARUM_MOCK` names the first.
 */
export function mockServer(): Plugin {
  let scenario = structuredClone(pick(process.env["LARUM_MOCK"]));
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST" && url.pathname.startsWith("/mock/")) {
      scenario = structuredClone(pick(url.pathname.slice(6)));
      response.end();
    } else if (url.pathname === `${PREFIX}/events`) {
      openStream(response);
    } else if (url.pathname.startsWith(PREFIX) || url.pathname.startsWith("/api/v1/")) {
      void reply(request, response, url, scenario);
    } else {
      next();
    }
  };
  return {
    name: "larum-mock",
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}

function pick(name: string | undefined) {
  const scenario = scenarios[name ?? "full"] ?? scenarios["full"];
  if (!scenario) throw new Error("the scenario `full` exists");
  return scenario;
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": hello\n\n");
}

async function reply(request: IncomingMessage, response: ServerResponse, url: URL, scenario: ReturnType<typeof pick>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
  const { status, json } = answer(scenario, request.method ?? "GET", url.pathname.replace(PREFIX, ""), url.searchParams, body);
  response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}
