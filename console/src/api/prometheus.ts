import { addressOf } from "../base";
import { tellSessionEnd } from "./client";
import { ApiProblem, unreachable } from "./problem";

/** What Prometheus' API answers (Prometheus, "HTTP API", "Format overview"). */
interface Answer<Data> {
  status: "success" | "error";
  data?: Data;
  errorType?: string;
  error?: string;
  warnings?: string[];
  infos?: string[];
}

/** An answer with what there is to remark about it. */
export interface Answered<Data> {
  data: Data;
  warnings: string[];
  infos: string[];
}

/**
 * Asks Larum by Prometheus' API, such as `query` or `label/job/values`.
 *
 * @throws ApiProblem with the server's words for every answer that is no success; what is wrong with the
 * question is a problem of the field `query`.
 */
export async function ask<Data>(path: string, asked: URLSearchParams, signal: AbortSignal): Promise<Answered<Data>> {
  const request = new Request(new URL(addressOf(`api/v1/${path}?${asked}`), globalThis.location.href), { signal });
  const response = await globalThis.fetch(request);
  if (response.status === 401) tellSessionEnd();
  const answer = await read<Data>(response);
  if (!response.ok || answer.data === undefined) throw problemOf(answer, response.status);
  return { data: answer.data, warnings: answer.warnings ?? [], infos: answer.infos ?? [] };
}

async function read<Data>(response: Response): Promise<Answer<Data>> {
  try {
    return (await response.json()) as Answer<Data>;
  } catch {
    throw response.status >= 502 ? unreachable() : problemOf({}, response.status);
  }
}

/** What Larum says before its words about a parameter that is wrong. */
const PARAMETER = /^invalid parameter "query": /;

function problemOf({ error, errorType }: Pick<Answer<unknown>, "error" | "errorType">, status: number): ApiProblem {
  const detail = error?.replace(PARAMETER, "") ?? `Larum answered ${status} without saying why. Look at its log.`;
  return new ApiProblem({ status, code: "unknown", detail, field: errorType === "bad_data" ? "query" : null });
}
