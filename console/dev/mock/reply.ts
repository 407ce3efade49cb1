/** How the mock is asked, and how it replies. */
import type { Scenario } from "./scenarios.ts";

/** One request: the state of the server, what the path names, what stands behind the question mark, and the body. */
export interface Asked {
  scenario: Scenario;
  id: string;
  query: URLSearchParams;
  body: never;
}

export interface Reply {
  status: number;
  json?: unknown;
}

/** What is replied to requests of a method whose path looks so. */
export type Handler = [method: string, path: RegExp, reply: (asked: Asked) => Reply];

export const ok = (json: unknown): Reply => ({ status: 200, json });

/** A refusal in the server's shape. */
export function problem(status: number, code: string, detail: string, field?: string): Reply {
  return { status, json: { type: "about:blank", title: code, status, detail, code, field } };
}

export function invalid(field: string, detail: string): Reply {
  return problem(422, "invalid", detail, field);
}
