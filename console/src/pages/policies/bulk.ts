import type { BuiltinUpdate, Policy, PolicyAction, PolicyActionResults } from "../../api/types";

/** A policy before and after it was changed; after is null when it was deleted. */
export interface Changed {
  before: Policy;
  after: Policy | null;
}

/** The policies that were changed, with how they were: what was so already is not among them. */
export function changedOf(before: Policy[], { results }: PolicyActionResults): Changed[] {
  return results.flatMap(({ id, policy, problem }) => {
    const known = before.find((one) => one.id === id);
    return !known || problem || policy?.version === known.version ? [] : [{ before: known, after: policy }];
  });
}

const done: Record<PolicyAction, string> = { enable: "enabled", disable: "disabled", delete: "deleted", reset: "reset to the defaults" };

/** `3 policies are disabled.` */
export function doneWords(action: PolicyAction, count: number): string {
  return `${count} ${count === 1 ? "policy is" : "policies are"} ${done[action]}.`;
}

/** Why some were refused, each with its name. */
export function refusedWords(before: Policy[], { results }: PolicyActionResults): string[] {
  return results.flatMap(({ id, problem }) => (problem ? [`${before.find((one) => one.id === id)?.name ?? id}: ${problem.detail}`] : []));
}

/** What makes a built-in policy as it was, for the version that it has now. */
export function builtinAsBefore({ before, after }: Changed): BuiltinUpdate {
  return { threshold: before.builtin?.threshold?.value ?? null, for: before.for, severity: before.severity, enabled: before.enabled, version: after?.version ?? before.version };
}
