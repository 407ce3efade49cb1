import type { HistoryEntry, HistoryState } from "../../api/types";
import type { Tone } from "../../components/Tag";

/** What a state is called and which colour it has. */
export const stateWords: Record<HistoryState, { word: string; tone: Tone }> = {
  firing: { word: "Firing", tone: "red" },
  resolved: { word: "Resolved", tone: "green" },
  pending: { word: "Pending", tone: "amber" },
  kept: { word: "Kept firing", tone: "orange" },
  inactive: { word: "Inactive", tone: "gray" },
  no_data: { word: "No data", tone: "iris" },
  error: { word: "Error", tone: "blue" },
  disabled: { word: "Disabled", tone: "gray" },
  alerting_off: { word: "Alerting off", tone: "gray" },
};

/** The states that can be filtered by, in the order in which they matter. */
export const states = ["firing", "resolved", "pending", "kept", "inactive", "no_data", "error", "disabled", "alerting_off"] as const;

/** A state's word, for a filter. */
export function stateWord(state: string): string {
  return stateWords[state as HistoryState]?.word ?? state;
}

/** What a change is about, in one line. */
export function subjectOf(entry: HistoryEntry): string {
  if (entry.policy === null && entry.alert === null) return "Alerting as a whole";
  return entry.summary.trim() || entry.name.trim() || "(no name)";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back a page looks, by the word in its address. */
export const periods: Record<string, number> = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY };

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
