import type { Policy, PolicyDraft, PolicyTemplates, Severity, TemplateChoice } from "../../api/types";

/** What the alerts of a policy say. */
export interface Texts {
  summary: string;
  details: string;
}

/** A custom policy as it stands in the form. */
export interface PolicyForm extends Texts {
  name: string;
  metric: TemplateChoice["metric"];
  comparator: TemplateChoice["comparator"];
  /** As typed; null while the input is empty. */
  threshold: number | null;
  for: string;
  /** How long what fires is kept without data. */
  no_data_hold: string;
  severity: Severity;
  enabled: boolean;
  /** The texts the server suggested last for the rule; null before it did. Never sent. */
  suggested: Texts | null;
}

/** How long the condition must hold in a new policy, if the server offers it. */
const USUAL_FOR = "5m";

/** How long a new policy bears without data, if the server offers it. */
const USUAL_NO_DATA_HOLD = "1h";

/** The form of a new policy, filled in from the first template. */
export function newPolicyForm(templates: PolicyTemplates): PolicyForm | null {
  const [first] = templates.templates;
  if (!first) return null;
  return {
    name: "",
    metric: first.metric,
    comparator: first.comparator,
    threshold: first.threshold,
    for: usualOf(templates.durations, USUAL_FOR),
    no_data_hold: usualOf(templates.no_data_holds, USUAL_NO_DATA_HOLD),
    severity: templates.severities.includes("warning") ? "warning" : (templates.severities[0] ?? "warning"),
    summary: first.summary,
    details: first.details,
    enabled: true,
    suggested: textsOf(first),
  };
}

function usualOf(offered: string[], usual: string): string {
  return offered.includes(usual) ? usual : (offered[0] ?? "0s");
}

/** The form of a saved policy; null when it was not made from a template. */
export function policyFormOf(policy: Policy): PolicyForm | null {
  if (!policy.template) return null;
  const { name, severity, summary, details, enabled, no_data_hold } = policy;
  return { name, severity, summary, details, enabled, no_data_hold, for: policy.for, suggested: null, ...policy.template };
}

/** Takes another template with its threshold and its texts. */
export function withMetric(form: PolicyForm, metric: string, templates: TemplateChoice[]): PolicyForm {
  const choice = templates.find((template) => template.metric === metric);
  if (!choice) return form;
  const { comparator, threshold } = choice;
  return withSuggestion({ ...form, metric: choice.metric, comparator, threshold }, textsOf(choice));
}

/**
 * Takes the texts that are suggested for the rule as it is now. They replace what was suggested
 * before, but never what somebody has typed.
 */
export function withSuggestion(form: PolicyForm, next: Texts): PolicyForm {
  const { suggested } = form;
  if (suggested?.summary === next.summary && suggested.details === next.details) return form;
  if (suggested === null) return { ...form, suggested: next };
  return {
    ...form,
    suggested: next,
    summary: form.summary === suggested.summary ? next.summary : form.summary,
    details: form.details === suggested.details ? next.details : form.details,
  };
}

/** Whether saving would change something. */
export function isPolicyChanged(form: PolicyForm, base: PolicyForm): boolean {
  return JSON.stringify({ ...form, suggested: null }) !== JSON.stringify({ ...base, suggested: null });
}

/**
 * What would be saved, or null while the threshold is no number. Texts that nobody has typed are left to the server:
 * what it suggested last may be for the rule as it was a moment ago.
 */
export function policyDraftOf(form: PolicyForm): PolicyDraft | null {
  const { metric, comparator, threshold, severity, enabled, no_data_hold, suggested } = form;
  if (threshold === null || !Number.isFinite(threshold)) return null;
  const summary = form.summary === suggested?.summary ? null : form.summary;
  const details = form.details === suggested?.details ? null : form.details;
  return { name: form.name.trim(), severity, for: form.for, no_data_hold, template: { metric, comparator, threshold }, summary, details, enabled };
}

/** A saved policy as a draft, for making it again after it was deleted. */
export function draftOfPolicy(policy: Policy): PolicyDraft | null {
  const form = policyFormOf(policy);
  return form && policyDraftOf(form);
}

function textsOf({ summary, details }: Texts): Texts {
  return { summary, details };
}
