import type { Alert, AlertReceiver, AlertState, InhibitedBy, SilencedBy } from "../../api/types";
import type { Tone } from "../../components/Tag";

/** What an alert says in one line: its summary, or the name it has. */
export function messageOf(alert: Alert): string {
  return alert.summary.trim() || alert.name.trim() || "(no name)";
}

/** The states in the order in which they matter. */
export const states: AlertState[] = ["firing", "pending", "resolved"];

/** The severities that Larum knows, worst first. */
const severities = ["critical", "error", "warning", "info"];

/** How many severities of others are offered as filters. */
const MOST_OTHERS = 4;

/** The severities that are offered as filters: those that Larum knows, then what current alerts have besides. */
export function severityFilters(counts: Record<string, number> = {}): string[] {
  const others = Object.keys(counts).filter((word) => word !== "" && word !== "none" && !word.includes(",") && !severities.includes(word));
  others.sort((first, second) => (counts[second] ?? 0) - (counts[first] ?? 0));
  return [...severities, ...others.slice(0, MOST_OTHERS)];
}

/** Whether a receiver was told, in a word and a colour. */
export const told: Record<AlertReceiver["state"], { tone: Tone; word: string }> = {
  told: { tone: "green", word: "Told" },
  due: { tone: "blue", word: "Due" },
  not_told: { tone: "gray", word: "Not told" },
  unknown: { tone: "gray", word: "Not known" },
};

/** What puts an alert's end off; a policy's has none to put off. */
export const unless = { policy: "", prometheus: "unless Prometheus sends it again", alertmanager: "unless Alertmanager speaks again" } as const;

/** Where an alert came from, in words. */
export const origins = { policy: "a policy of Larum", prometheus: "Prometheus", alertmanager: "an Alertmanager" } as const;

/** `NodeDown, node web-1`; by its number if the alert is known no more. */
export function inhibitorName({ name, alert, target }: InhibitedBy): string {
  return [name || `alert ${alert}`, target].filter(Boolean).join(", ");
}

/** `ada (a new disk comes)`: who silenced an alert, and why. */
export function silencerName({ created_by, comment }: SilencedBy): string {
  const by = created_by || "somebody";
  return comment === "" ? by : `${by} (${comment})`;
}
