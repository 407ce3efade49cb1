import type { HistoryFilter } from "../../api/history";
import type { HistoryEntry } from "../../api/types";
import type { HistorySearch } from "../../paths";

/** The states that can be filtered by, in the order in which they matter. */
export const states = ["firing", "resolved", "pending", "kept", "inactive", "no_data", "error", "disabled", "alerting_off"] as const;

/** Those of alerts that others send. */
export const sentStates = ["firing", "resolved"] as const;

/** What a change is about, in one line. */
export function subjectOf(entry: HistoryEntry): string {
  if (entry.policy === null && entry.alert === null) return "Alerting as a whole";
  return entry.summary.trim() || entry.name.trim() || "(no name)";
}

/** Why it changed. What is over has no value: the newest one that was measured is from before. */
export function whyOf({ reason, detail, value_text, to }: Pick<HistoryEntry, "reason" | "detail" | "value_text" | "to">): string {
  const isOver = to === "resolved" || to === "inactive";
  const value = value_text && isOver ? `was ${value_text}` : value_text;
  return [reason, detail, value].filter(Boolean).join(" · ");
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
