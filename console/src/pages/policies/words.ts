import type { Policy, PolicyCategory, Rehearsal } from "../../api/types";
import type { Tone } from "../../components/Tag";
import { duration, durationWords } from "../../components/time";

/** How the evaluation goes. */
export const healthWords: Record<Policy["health"]["state"], { tone: Tone; word: string }> = {
  ok: { tone: "green", word: "OK" },
  error: { tone: "orange", word: "Error" },
  no_data: { tone: "blue", word: "No data" },
  unknown: { tone: "gray", word: "Not evaluated yet" },
};

/** What is offered, and what a policy has beside it. */
export function withOwn<Word extends string>(offered: Word[], own: Word): Word[] {
  return offered.includes(own) ? offered : [...offered, own];
}

/** How long what fires is kept without data, to choose from. */
export function noDataChoice(hold: string): string {
  return hold === "0s" ? "Resolve at once" : durationWords(hold);
}

/** What becomes of what fires when there is no data. */
export function noDataSentence(hold: string): string {
  return hold === "0s" ? "Resolved at once" : `Keeps firing for ${durationWords(hold)}, then resolved`;
}

/** Why a policy that stands in a rule file cannot be changed here. */
export const RULE_FILE_REFUSAL = "This policy stands in a rule file: change it there.";

/** What built-in policies watch, in words. */
export const categoryWords: Record<PolicyCategory, string> = {
  node: "Nodes",
  workload: "Workloads",
  storage: "Storage",
  control_plane: "Control plane",
  pipeline: "Pipeline",
};

/** What a policy watches, in a sentence if there is one. */
export function watched(policy: Policy): string {
  return policy.description || policy.sentence;
}

/** How far back a preview can look, in Prometheus' words and in ours. */
export const ranges = [
  { value: "1h", words: "the last hour" },
  { value: "6h", words: "the last 6 hours" },
  { value: "24h", words: "the last 24 hours" },
  { value: "7d", words: "the last 7 days" },
];

/** How often: `once`, `twice`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** How often and for how long a policy would have fired: `Would have fired 3 times in the last hour, 20 min in total.` */
export function firedWords({ series, fired, firing_seconds }: Rehearsal, range: string): string {
  const back = ranges.find(({ value }) => value === range)?.words ?? `the last ${range}`;
  if (series.length === 0) return `Nothing was measured in ${back}: it would not have fired.`;
  if (fired === 0) return `Would not have fired in ${back}.`;
  // What fires only at the last moment, which is now, has not fired for any time yet.
  if (firing_seconds === 0) return `Would fire now${fired === 1 ? "" : ` for ${fired} series`}, but not earlier in ${back}.`;
  return `Would have fired ${times(fired)} in ${back}, ${duration(firing_seconds * 1000)} in total.`;
}

/** Labels that say where a series was scraped rather than what it is. */
const plumbing = ["__name__", "job"];

/** What a series speaks of: its node or workload, and what tells it from others of the same. */
export function subjectOf(labels: Record<string, string>): string {
  // What has a name is not told by the address at which it was scraped.
  const where = labels["node"] ?? (labels["namespace"] ? undefined : labels["instance"]);
  const rest = Object.entries(labels).filter(([name]) => ![...plumbing, "node", "instance"].includes(name));
  return [where ?? "", ...rest.map(([, value]) => value)].filter((part) => part !== "").join(" · ") || "all";
}

/** How many alerts fire and are pending. */
export function alertWords(firing: number, pending: number): string {
  return [firing > 0 && `${firing} firing`, pending > 0 && `${pending} pending`].filter(Boolean).join(", ");
}
