import createClient, { type Middleware } from "openapi-fetch";

import { addressOf } from "../base";
import { ApiProblem, unreachable } from "./problem";
import type { paths } from "./schema";
import type { Problem } from "./types";

/** Called when the server says that the session is over, so that the shell can ask for a login. */
type SessionEnd = () => void;

let onSessionEnd: SessionEnd = () => undefined;

/** Sets who hears that the session has ended. */
export function listenForSessionEnd(listener: SessionEnd): void {
  onSessionEnd = listener;
}

/** Says that an answer was no more meant for whoever is logged in. */
export function tellSessionEnd(): void {
  onSessionEnd();
}

const noticeSessionEnd: Middleware = {
  onResponse({ response, schemaPath }) {
    const isLogin = schemaPath.endsWith("/session");
    if (response.status === 401 && !isLogin) tellSessionEnd();
  },
};

/** The typed client of Larum's own API. Every call of that API goes through it. */
export const api = createClient<paths>({
  baseUrl: addressOf("api/larum/v1"),
  // Looked up at each call, so that a test can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});
api.use(noticeSessionEnd);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * The body of a call, or an `ApiProblem`.
 *
 * @throws ApiProblem for every answer that is not 2xx and when there is no answer.
 */
export async function take<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const answer = await call.catch((error: unknown) => {
    throw isAborted(error) ? error : unreachable();
  });
  if (answer.response.ok) return answer.data as Data;
  throw problemOf(answer.error, answer.response.status);
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function problemOf(body: unknown, status: number): ApiProblem {
  const problem: Partial<Problem> = typeof body === "object" && body !== null ? body : {};
  if (problem.detail) return new ApiProblem({ ...problem, status });
  const isGateway = status >= 502 && status <= 504;
  return isGateway ? unreachable() : new ApiProblem({ status, code: "unknown", detail: `Larum answered ${status} without saying why. Look at its log.` });
}
