import type { HistoryFilter } from "../../api/history";
import type { HistoryEntry } from "../../api/types";
import type { HistorySearch } from "../../paths";

/** The states that can be filtered by, in the order in which they matter. */
export const states = ["firing", "resolved", "pending", "kept", "inactive", "no_data", "error", "disabled", "alerting_off"] as const;

/** What a change is about, in one line. */
export function subjectOf(entry: HistoryEntry): string {
  if (entry.policy === null && entry.alert === null) return "Alerting as a whole";
  return entry.summary.trim() || entry.name.trim() || "(no name)";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back a page looks, by the word in its address. */
export const periods = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY };
export type Period = keyof typeof periods;
export const periodWords = Object.keys(periods) as Period[];

/** The word of a period in an address; a day unless it is one that there is. */
export function periodNamed(word: string | undefined): Period {
  return word !== undefined && Object.hasOwn(periods, word) ? (word as Period) : "24h";
}

/** The time that an address names: how far back from now, or from when to when; an end that is not named is open. */
export function periodOf({ period, from, to }: HistorySearch): HistoryFilter["period"] {
  if (from === undefined && to === undefined) return periods[periodNamed(period)];
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/**
 * The matchers in a text: those between commas, but not between commas in quotes.
 * `{a="1,2", b=~"x"}` is two of them.
 */
export function matchersOf(text: string | undefined): string[] {
  const bare = (text ?? "").trim().replace(/^\{/, "").replace(/\}$/, "");
  const parts = bare.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The text of the matchers that let these labels through, and no others with these names. */
export function matchersFor(labels: Record<string, string>): string {
  const quoted = (text: string) => `"${text.replace(/[\\"]/g, String.raw`\$&`).replace(/\n/g, String.raw`\n`)}"`;
  const named = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));
  return Object.entries(labels).map(([name, value]) => `${named(name)}=${quoted(value)}`).join(", ");
}
