import type { Policy, PolicyDraft, PolicyTemplate, PolicyTemplates, Severity, TemplateChoice, WorkloadKind } from "../../api/types";

/** What the alerts of a policy say. */
export interface Texts {
  summary: string;
  details: string;
}

/** A custom policy as it stands in the form. */
export interface PolicyForm extends Texts {
  name: string;
  alias: string;
  description: string;
  runbook: string;
  /** Whether its expression is written from a template, or by somebody. */
  how: "template" | "expr";
  metric: TemplateChoice["metric"];
  comparator: TemplateChoice["comparator"];
  /** As typed; null while the input is empty. */
  threshold: number | null;
  /** Names of nodes; none for every node. */
  nodes: string[];
  workload: WorkloadKind;
  /** Empty for every namespace. */
  namespace: string;
  /** Names of workloads; none for every workload of the kind. */
  workloads: string[];
  /** Free PromQL. */
  expr: string;
  /** The expression that was last taken from the template. Never sent. */
  taken: string;
  for: string;
  /** How long it goes on firing when the condition holds no more. */
  keep_firing_for: string;
  /** How long what fires is kept without data. */
  no_data_hold: string;
  severity: Severity;
  labels: LabelRow[];
  /** Further annotations, such as an imported policy has. Nothing here changes them. */
  annotations: Record<string, string>;
  enabled: boolean;
  /** The texts the server suggested last for the rule; null before it did. Never sent. */
  suggested: Texts | null;
}

/** A label as it is typed. */
export interface LabelRow {
  name: string;
  value: string;
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
    alias: "",
    description: "",
    runbook: "",
    how: "template",
    metric: first.metric,
    comparator: first.comparator,
    threshold: first.threshold,
    nodes: [],
    workload: "Deployment",
    namespace: "",
    workloads: [],
    expr: "",
    taken: "",
    for: usualOf(templates.durations, USUAL_FOR),
    keep_firing_for: "0s",
    no_data_hold: usualOf(templates.no_data_holds, USUAL_NO_DATA_HOLD),
    severity: templates.severities.includes("warning") ? "warning" : (templates.severities[0] ?? "warning"),
    labels: [],
    annotations: {},
    summary: first.summary,
    details: first.details,
    enabled: true,
    suggested: textsOf(first),
  };
}

function usualOf(offered: string[], usual: string): string {
  return offered.includes(usual) ? usual : (offered[0] ?? "0s");
}

/** The form of a saved policy; what it does not say is as in a new one. */
export function policyFormOf(policy: Policy, templates: PolicyTemplates): PolicyForm | null {
  const blank = newPolicyForm(templates);
  if (!blank) return null;
  const { name, alias, severity, summary, details, annotations, enabled, no_data_hold, keep_firing_for, expr, template } = policy;
  const form: PolicyForm = {
    ...blank, name, alias, severity, summary, details, annotations, enabled, no_data_hold, keep_firing_for, expr,
    for: policy.for, runbook: policy.kind === "builtin" ? "" : (policy.runbook ?? ""),
    // What says the same as the template follows the template.
    description: policy.description === policy.sentence ? "" : policy.description,
    labels: Object.entries(policy.labels).map(([label, value]) => ({ name: label, value })),
    suggested: null, taken: template ? expr : "", how: template ? "template" : "expr",
  };
  if (!template) return form;
  const { metric, comparator, threshold, target } = template;
  const filled = { ...form, metric, comparator, threshold };
  if (target?.kind === "nodes") return { ...filled, nodes: target.names ?? [] };
  if (target?.kind === "workloads") return { ...filled, workload: target.workload, namespace: target.namespace ?? "", workloads: target.names ?? [] };
  return filled;
}

/** What the metric is measured on. */
export function targetOf(form: PolicyForm, templates: TemplateChoice[]): TemplateChoice["target"] {
  return templates.find(({ metric }) => metric === form.metric)?.target ?? "nodes";
}

/** Takes the first metric of another kind of target, unless the form is of that kind. */
export function withTarget(form: PolicyForm, target: TemplateChoice["target"], templates: TemplateChoice[]): PolicyForm {
  if (targetOf(form, templates) === target) return form;
  const first = templates.find((choice) => choice.target === target);
  return first ? withMetric(form, first.metric, templates) : form;
}

/** Takes another template with its threshold and its texts. */
export function withMetric(form: PolicyForm, metric: string, templates: TemplateChoice[]): PolicyForm {
  const choice = templates.find((template) => template.metric === metric);
  if (!choice) return form;
  const { comparator, threshold } = choice;
  return withSuggestion({ ...form, metric: choice.metric, comparator, threshold }, textsOf(choice));
}

/** Turns to free PromQL, beginning with what the template says unless somebody has typed something else already. */
export function asPromql(form: PolicyForm, expr: string): PolicyForm {
  const isOwn = form.expr !== "" && form.expr !== form.taken;
  return { ...form, how: "expr", expr: isOwn ? form.expr : expr, taken: expr };
}

/** What is suggested for PromQL of which nobody can know what it measures. */
const FREE: Texts = { summary: "It is {{ $value | humanize }}", details: "" };

/** Takes what somebody types as PromQL. Words that a template suggested are not for what is no longer its expression. */
export function withExpr(form: PolicyForm, expr: string): PolicyForm {
  const typed = { ...form, expr };
  return expr.trim() === form.taken.trim() || form.suggested === null ? typed : withSuggestion(typed, FREE);
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
  return JSON.stringify(sent(form)) !== JSON.stringify(sent(base));
}

/** The form without what is never sent, and without what belongs to the other way of writing the rule. */
function sent(form: PolicyForm): PolicyForm {
  const never = { ...form, suggested: null, taken: "" };
  if (form.how === "template") return { ...never, expr: "" };
  return { ...never, metric: "cpu", comparator: ">", threshold: 0, nodes: [], workload: "Deployment", namespace: "", workloads: [] };
}

/** The template of the form; null while the threshold is no number, and for free PromQL. */
export function templateOf(form: PolicyForm, templates: TemplateChoice[]): PolicyTemplate | null {
  const { metric, comparator, threshold, nodes, workload, namespace, workloads } = form;
  if (form.how === "expr" || threshold === null || !Number.isFinite(threshold)) return null;
  const target: NonNullable<PolicyTemplate["target"]> =
    targetOf(form, templates) === "nodes"
      ? { kind: "nodes", names: nodes }
      : { kind: "workloads", workload, namespace: namespace.trim(), names: workloads };
  return { target, metric, comparator, threshold };
}

/**
 * What would be saved, or null while the threshold is no number. Texts that nobody has typed are left to the server:
 * what it suggested last may be for the rule as it was a moment ago.
 */
export function policyDraftOf(form: PolicyForm, templates: TemplateChoice[]): PolicyDraft | null {
  const { severity, enabled, no_data_hold, keep_firing_for, suggested } = form;
  const common = {
    name: form.name.trim(), alias: form.alias, severity, for: form.for, keep_firing_for, no_data_hold, enabled,
    description: form.description, runbook: form.runbook, labels: labelsOf(form.labels), annotations: form.annotations,
  };
  if (form.how === "expr") {
    return { ...common, expr: form.expr, summary: form.summary, details: form.details };
  }
  const template = templateOf(form, templates);
  if (!template) return null;
  const summary = form.summary === suggested?.summary ? null : form.summary;
  const details = form.details === suggested?.details ? null : form.details;
  return { ...common, template, summary, details };
}

function labelsOf(rows: LabelRow[]): Record<string, string> {
  return Object.fromEntries(rows.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]));
}

/** A saved policy as a draft, for making it again after it was deleted. */
export function draftOfPolicy(policy: Policy): PolicyDraft {
  const { name, alias, severity, keep_firing_for, no_data_hold, summary, details, description, labels, annotations, enabled } = policy;
  const rule = policy.template ? { template: policy.template } : { expr: policy.expr };
  return { name, alias, severity, for: policy.for, keep_firing_for, no_data_hold, summary, details, description, runbook: policy.runbook ?? "", labels, annotations, enabled, ...rule };
}

function textsOf({ summary, details }: Texts): Texts {
  return { summary, details };
}
