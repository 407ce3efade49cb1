import type { Policy, PolicyDraft, PolicyTemplates, Severity, TemplateChoice } from "../../api/types";

/** A custom policy as it stands in the form. */
export interface PolicyForm {
  name: string;
  metric: TemplateChoice["metric"];
  comparator: TemplateChoice["comparator"];
  /** As typed; null while the input is empty. */
  threshold: number | null;
  for: string;
  severity: Severity;
  summary: string;
  details: string;
  enabled: boolean;
}

/** How long the condition must hold in a new policy, if the server offers it. */
const USUAL_FOR = "5m";

/** The form of a new policy, filled in from the first template. */
export function newPolicyForm(templates: PolicyTemplates): PolicyForm | null {
  const [first] = templates.templates;
  if (!first) return null;
  return {
    name: "",
    metric: first.metric,
    comparator: first.comparator,
    threshold: first.threshold,
    for: templates.durations.includes(USUAL_FOR) ? USUAL_FOR : (templates.durations[0] ?? "0s"),
    severity: templates.severities.includes("warning") ? "warning" : (templates.severities[0] ?? "warning"),
    summary: first.summary,
    details: first.details,
    enabled: true,
  };
}

/** The form of a saved policy; null when it was not made from a template. */
export function policyFormOf(policy: Policy): PolicyForm | null {
  if (!policy.template) return null;
  const { name, severity, summary, details, enabled } = policy;
  return { name, severity, summary, details, enabled, for: policy.for, ...policy.template };
}

/**
 * Takes another template. Its threshold comes with it, and its texts replace those of the template
 * before, but never what somebody has typed.
 */
export function withMetric(form: PolicyForm, metric: string, templates: TemplateChoice[]): PolicyForm {
  const before = templates.find((choice) => choice.metric === form.metric);
  const after = templates.find((choice) => choice.metric === metric);
  if (!after) return form;
  const keep = (typed: string, suggested: string | undefined, next: string) => (typed === "" || typed === suggested ? next : typed);
  return {
    ...form,
    metric: after.metric,
    comparator: after.comparator,
    threshold: after.threshold,
    summary: keep(form.summary, before?.summary, after.summary),
    details: keep(form.details, before?.details, after.details),
  };
}

/** What would be saved, or null while the threshold is no number. */
export function policyDraftOf(form: PolicyForm): PolicyDraft | null {
  const { metric, comparator, threshold, ...rest } = form;
  if (threshold === null || !Number.isFinite(threshold)) return null;
  return { ...rest, name: form.name.trim(), template: { metric, comparator, threshold } };
}

/** A saved policy as a draft, for making it again after it was deleted. */
export function draftOfPolicy(policy: Policy): PolicyDraft | null {
  const form = policyFormOf(policy);
  return form && policyDraftOf(form);
}
