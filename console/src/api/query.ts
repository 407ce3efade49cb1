import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { asProblem } from "./problem";
import { ask, type Answered } from "./prometheus";

/** A value as Prometheus writes it: seconds since the Unix epoch, and a number as text, `NaN` and `+Inf` among them. */
export type Sample = [time: number, value: string];

/** A series with its value, or with its values. */
export interface ResultSeries {
  metric: Record<string, string>;
  value?: Sample;
  values?: Sample[];
}

/** What an expression is at one time (Prometheus, "HTTP API", "Expression query result formats"). */
export type Result =
  | { resultType: "vector" | "matrix"; result: ResultSeries[] }
  | { resultType: "scalar"; result: Sample }
  | { resultType: "string"; result: Sample };

/** A result with when and for how long it was made, both in milliseconds. */
export interface Evaluated<Data> extends Answered<Data> {
  at: number;
  took: number;
}

/** The most series that a table shows. */
export const MOST_ROWS = 500;

/** The most series that a chart draws. */
export const MOST_LINES = 40;

/** How many values a line has, about: more are not told apart. */
const POINTS = 300;

/** What is remarked when there are more series than asked for. */
export const TRUNCATED = "results truncated due to limit";

/** An expression at one time in milliseconds; null for now. */
export function instantQuery(expr: string, time: number | null) {
  return queryOptions({
    queryKey: ["query", "instant", expr, time],
    queryFn: ({ signal }) => {
      const at = time ?? Date.now();
      return evaluated<Result>("query", { query: expr, time: seconds(at), limit: String(MOST_ROWS) }, at, signal);
    },
    ...usual,
  });
}

/** The span of a chart, in milliseconds. */
export interface Frame {
  start: number;
  end: number;
  step: number;
}

/** Every series with its values over a span. */
export interface RangeResult {
  resultType: "matrix";
  result: Required<Omit<ResultSeries, "value">>[];
}

/** An expression over a span that ends at a time, both in milliseconds; null ends it now. */
export function rangeQuery(expr: string, range: number, end: number | null) {
  return queryOptions({
    queryKey: ["query", "range", expr, range, end],
    queryFn: async ({ signal }) => {
      const frame = frameOf(range, end ?? Date.now());
      const asked = { query: expr, start: seconds(frame.start), end: seconds(frame.end), step: seconds(frame.step), limit: String(MOST_LINES) };
      return { ...(await evaluated<RangeResult>("query_range", asked, frame.end, signal)), frame };
    },
    ...usual,
  });
}

/** Milliseconds after which it is asked again when Larum did not answer at all. */
const AGAIN_AFTER = 10_000;

/** Nothing here changes by an event, and what a person asks once is not asked again behind their back. */
const usual = {
  placeholderData: keepPreviousData,
  retry: false,
  staleTime: 0,
  gcTime: 60_000,
  refetchOnWindowFocus: false,
  refetchInterval: ({ state }: { state: { error: Error | null } }) => (state.error && asProblem(state.error).code === "unreachable" ? AGAIN_AFTER : false as const),
} as const;

/** The span with a step of whole seconds, at least one. */
export function frameOf(range: number, end: number): Frame {
  const step = Math.max(1, Math.round(range / POINTS / 1000)) * 1000;
  return { start: end - range, end, step };
}

async function evaluated<Data>(path: string, asked: Record<string, string>, at: number, signal: AbortSignal): Promise<Evaluated<Data>> {
  const began = performance.now();
  const answer = await ask<Data>(path, new URLSearchParams(asked), signal);
  return { ...answer, at, took: performance.now() - began };
}

function seconds(milliseconds: number): string {
  return String(milliseconds / 1000);
}
