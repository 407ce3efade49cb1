import { parseSpan, spanText } from "../../components/time";
import type { ExploreSearch } from "../../paths";

/** What the page is asked to show; times are milliseconds since the Unix epoch, null being now. */
export interface Question {
  expr: string;
  tab: "table" | "graph";
  /** How long a span the graph shows, in milliseconds. */
  range: number;
  /** When that span ends. */
  end: number | null;
  /** At which time the table is. */
  moment: number | null;
}

const HOUR = 3_600_000;

/** The longest span of a graph, in milliseconds: ten years. */
const LONGEST = 10 * 365 * 24 * HOUR;

/** The spans to choose from. */
export const ranges = ["15m", "1h", "6h", "24h", "7d", "30d"].map((text) => ({ text, length: parseSpan(text) ?? HOUR }));

/** The question in an address of Prometheus' own page for graphs, whose times are in UTC; its first panel, which is what links lead to. */
export function questionOf(search: ExploreSearch): Question {
  const range = parseSpan(search["g0.range_input"] ?? "");
  return {
    expr: (search["g0.expr"] ?? "").trim(),
    // Prometheus 2 writes numbers, Prometheus 3 words.
    tab: search["g0.tab"] === "0" || search["g0.tab"] === "graph" ? "graph" : "table",
    range: range === null || range < 1000 || range > LONGEST ? HOUR : range,
    end: timeOf(search["g0.end_input"]),
    moment: timeOf(search["g0.moment_input"]),
  };
}

/** The address of a question; what is as ever does not stand in it. */
export function searchOf({ expr, tab = "table", range = HOUR, end = null, moment = null }: Pick<Question, "expr"> & Partial<Question>): ExploreSearch {
  return {
    "g0.expr": expr,
    ...(tab === "graph" ? { "g0.tab": "0" } : {}),
    ...(range === HOUR ? {} : { "g0.range_input": spanText(range) }),
    ...(end === null ? {} : { "g0.end_input": timeText(end) }),
    ...(moment === null ? {} : { "g0.moment_input": timeText(moment) }),
  };
}

/** The expression to which a link of Prometheus leads, such as the generator URL of its alerts. */
export function exprOfLink(address: string): string | null {
  const at = /\/(?:graph|query)\?/.exec(address);
  return at ? new URLSearchParams(address.slice(at.index + at[0].length)).get("g0.expr") || null : null;
}

/** The graph that shows an expression from well before an alert began until it ended. */
export function graphOfAlert(expr: string, startsAt: string, endsAt: string | null, now: number): ExploreSearch {
  const end = endsAt === null ? null : Date.parse(endsAt);
  const age = (end ?? now) - Date.parse(startsAt);
  const range = ranges.find(({ length }) => length >= 1.5 * age) ?? ranges.at(-1);
  return searchOf({ expr, tab: "graph", end, ...(range && range.length > HOUR ? { range: range.length } : {}) });
}

function timeOf(text = ""): number | null {
  const written = text.trim().replace(" ", "T").replace(/Z$/, "");
  // Browsers take much for a time, years of six digits among it.
  const time = /^\d{4}-\d\d-\d\d/.test(written) ? Date.parse(`${written}Z`) : NaN;
  return Number.isNaN(time) ? null : time;
}

function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
