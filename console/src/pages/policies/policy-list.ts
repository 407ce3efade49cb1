import type { Policy } from "../../api/types";
import type { PoliciesSearch } from "../../paths";
import { words } from "../../search-params";

/** The tabs of the list, in order. */
export const tabs = ["custom", "builtin", "rule_file"] as const;
export type Tab = (typeof tabs)[number];

/** The tab that the address names. */
export function tabOf(search: PoliciesSearch): Tab {
  return tabs.find((tab) => tab === search.tab) ?? "custom";
}

/** The states in the order in which they matter. */
export const policyStates: Policy["state"][] = ["firing", "pending", "error", "no_data", "inactive", "disabled"];

const severities = ["critical", "error", "warning", "info", "none"];

/** What passes the filters of the address but the one that is left out, for counting what it would let through. */
export function filtered(policies: Policy[], search: PoliciesSearch, without?: "state" | "severity" | "category"): Policy[] {
  const text = (search.q ?? "").trim().toLowerCase();
  const within = (list: string | undefined, word: string) => words(list).length === 0 || words(list).includes(word);
  return policies.filter(
    (policy) =>
      (text === "" || searched(policy).some((part) => part.toLowerCase().includes(text))) &&
      (without === "state" || within(search.state, policy.state)) &&
      (without === "severity" || within(search.severity, policy.severity)) &&
      (without === "category" || within(search.category, policy.builtin?.category ?? "")),
  );
}

function searched({ name, alias, description, sentence, expr, place }: Policy): string[] {
  return [name, alias, description, sentence, expr, place?.file ?? "", place?.group ?? ""];
}

/** How many policies there are of each word. */
export function countBy(policies: Policy[], word: (policy: Policy) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const policy of policies) counts[word(policy)] = (counts[word(policy)] ?? 0) + 1;
  return counts;
}

const order: Record<string, (policy: Policy) => string | number> = {
  name: ({ name }) => name.toLowerCase(),
  state: ({ state }) => policyStates.indexOf(state),
  severity: ({ severity }) => severities.indexOf(severity),
  alerts: ({ alerts }) => -(alerts.firing * 1e6 + alerts.pending),
  evaluated: ({ health }) => -(health.last_evaluation ? Date.parse(health.last_evaluation) : 0),
};

/** Sorted by the word of a column, with `-` before it the other way round; what is equal stays in order of name. */
export function sorted(policies: Policy[], by: string): Policy[] {
  const isTurned = by.startsWith("-");
  const key = order[isTurned ? by.slice(1) : by] ?? order["name"];
  if (!key) return policies;
  const compare = (first: string | number, second: string | number) => (first < second ? -1 : first > second ? 1 : 0);
  return [...policies].sort(
    (first, second) => (isTurned ? -1 : 1) * compare(key(first), key(second)) || compare(first.name.toLowerCase(), second.name.toLowerCase()),
  );
}

/** The selection after one row was clicked; with Shift all from the one clicked before to this. */
export function selectedWith(selected: ReadonlySet<number>, rows: Policy[], id: number, from: number | null): Set<number> {
  const next = new Set(selected);
  const [first, last] = [rows.findIndex((row) => row.id === from), rows.findIndex((row) => row.id === id)].sort((a, b) => a - b);
  if (from === null || first === undefined || last === undefined || first < 0) {
    if (!next.delete(id)) next.add(id);
    return next;
  }
  for (const row of rows.slice(first, last + 1)) next.add(row.id);
  return next;
}
