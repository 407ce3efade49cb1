/** What the mock says about policies. */
import type { Policy, PolicyDraft, PolicyPreview, PolicyPreviewDraft, PolicyTemplate, TemplateChoice } from "../../src/api/types";
import { ago, policy } from "./fixtures.ts";

/** Seconds from one step of a rehearsal to the next. */
const STEP = 600;
const STEPS = 144;

const units: Partial<Record<TemplateChoice["metric"], string>> = { cpu: "percent", memory: "percent", disk: "percent", inodes: "percent", workload_cpu: "cores" };

/** A policy as it is saved. */
export function savedPolicy(id: number, draft: PolicyDraft, before: Policy | undefined): Policy {
  const found = previewOf({ template: draft.template ?? null, expr: draft.expr ?? null });
  return policy({
    id, kind: "custom", builtin: null, version: (before?.version ?? 0) + 1, updated_by: "admin", updated_at: ago(0),
    name: draft.name, severity: draft.severity, for: draft.for, enabled: draft.enabled,
    alias: draft.alias ?? "", description: draft.description ?? "", runbook: draft.runbook ?? null, labels: draft.labels ?? {},
    keep_firing_for: draft.keep_firing_for ?? "0s", no_data_hold: draft.no_data_hold ?? "1h",
    summary: draft.summary ?? found.summary, details: draft.details ?? found.details,
    template: draft.template ?? null, expr: found.expr, sentence: found.sentence,
  });
}

function templateExpr(template: PolicyTemplate): string {
  const nodes = template.target?.kind === "nodes" && template.target.names?.length ? `{node=~"${template.target.names.join("|")}"}` : "";
  return `${template.metric}${nodes} ${template.comparator} ${template.threshold}`;
}

/** What a rule would have done: one line that climbs above the threshold once, and one that never does. */
export function previewOf(draft: PolicyPreviewDraft): PolicyPreview {
  const template = draft.template;
  const expr = template ? templateExpr(template) : (draft.expr ?? "node_memory > 90");
  const compared = /(>=|<=|==|!=|>|<)\s*(-?[\d.]+)$/.exec(expr);
  const limit = compared ? Number(compared[2]) : null;
  const values = Array.from({ length: STEPS + 1 }, (_, step) => 61.2 + 34 * Math.exp(-(((step - 90) / 14) ** 2)));
  const quiet = values.map((value, step) => (step > 20 && step < 32 ? null : value / 2 + 6 * Math.sin(step / 9)));
  const end = Date.now();
  const at = (step: number) => new Date(end - (STEPS - step) * STEP * 1000).toISOString();
  const above = values.map((value, step) => ({ step, holds: compared?.[1]?.startsWith(">") ? value > (limit ?? 0) : false })).filter(({ holds }) => holds);
  const [first, last] = [above[0]?.step, above.at(-1)?.step];
  const firing = first !== undefined && last !== undefined ? [{ from: at(first), to: last >= STEPS ? null : at(last + 1) }] : [];
  const word = template?.metric ?? "it";
  const holdsNow = compared?.[1]?.startsWith(">") ? 61.2 > (limit ?? 0) : 61.2 < (limit ?? 0);
  return {
    expr,
    summary: template ? `${word} of {{ $labels.node }} is ${template.comparator} ${template.threshold}` : "",
    details: template ? `${word} has been so for a while.` : "",
    sentence: template ? `${word} of a node is ${template.comparator} ${template.threshold}.` : "",
    series: [{ labels: { node: "web-1" }, value: 61.2, holds: holdsNow }, { labels: { node: "web-2" }, value: 30.6, holds: false }],
    total: 2,
    no_data: [],
    unit: (template && units[template.metric]) ?? "number",
    threshold: compared && limit !== null ? { comparator: compared[1] as PolicyTemplate["comparator"], value: limit } : null,
    rehearsal: draft.range
      ? {
          start: at(0), end: at(STEPS), step_seconds: STEP, fired: firing.length, more: 0,
          firing_seconds: firing.length > 0 ? ((last ?? 0) + 1 - (first ?? 0)) * STEP : 0,
          series: [{ labels: { node: "web-1" }, values, firing }, { labels: { node: "web-2" }, values: quiet, firing: [] }],
        }
      : null,
    warnings: [],
    took_ms: 4,
  };
}

/** What one action made of each policy. */
export function changedPolicies(policies: Policy[], { action, policies: asked }: { action: string; policies: { id: number; version: number }[] }) {
  const results = asked.map(({ id, version }) => {
    const known = policies.find((one) => one.id === id);
    if (!known || known.version !== version) {
      const detail = known ? "grace changed this policy in the meantime: see what it is now." : "This does not exist, or somebody has deleted it.";
      return { id, policy: null, problem: { type: "about:blank", title: "Conflict", status: 409, code: "conflict", detail } };
    }
    const enabled = action === "disable" ? false : action === "enable" ? true : known.enabled;
    const changed: Policy = { ...known, enabled, state: enabled ? (known.enabled ? known.state : "inactive") : "disabled", version: known.version + (enabled === known.enabled && action !== "reset" ? 0 : 1) };
    if (action === "reset" && changed.builtin) changed.builtin = { ...changed.builtin, edited: false };
    return { id, policy: action === "delete" ? null : changed, problem: null };
  });
  const gone = new Set(results.filter(({ policy: now, problem }) => now === null && problem === null).map(({ id }) => id));
  const after = policies.filter(({ id }) => !gone.has(id)).map((one) => results.find(({ id }) => id === one.id)?.policy ?? one);
  return { after, answer: { done: results.filter(({ problem }) => problem === null).length, results } };
}

/** What becomes of a rule file: each `- alert:` is new, each `- record:` is skipped. */
export function imported(policies: Policy[], { yaml, dry_run }: { yaml: string; dry_run: boolean }) {
  const rules = [...yaml.matchAll(/- (alert|record): *(.+)/g)].map(([, kind, name], index) => ({
    name: name ?? "", line: 3 + index * 2, outcome: kind === "alert" ? ("created" as const) : ("skipped" as const),
    remarks: kind === "alert" ? [] : ["A recording rule, which no policy can be."], policy: null,
  }));
  const created = rules.filter(({ outcome }) => outcome === "created");
  const after = dry_run ? policies : [...policies, ...created.map(({ name }, index) => policy({ id: 300 + index, kind: "custom", builtin: null, name }))];
  return { after, answer: { created: created.length, changed: 0, skipped: rules.length - created.length, rules } };
}

const template = (metric: TemplateChoice["metric"], title: string, unit: string, threshold: number, target: TemplateChoice["target"] = "nodes"): TemplateChoice => ({
  metric, title, unit, threshold, target, knows_instances: true, integer: false, comparators: [">", ">=", "<", "<=", "==", "!="], comparator: ">", min: 0, max: unit === "%" ? 100 : null,
  description: `${title} of each ${target === "nodes" ? "node" : "workload"}.`, summary: `${title} of {{ $labels.node }} is {{ $value }}${unit && ` ${unit}`}`, details: `${title} has been above the threshold for a while.`,
});

export const templates = {
  templates: [
    template("cpu", "CPU usage", "%", 90), template("memory", "Memory usage", "%", 90), template("load1", "Load per core", "", 2),
    template("disk", "Disk usage", "%", 85), template("inodes", "Inode usage", "%", 85),
    template("workload_cpu", "CPU consumption", "cores", 1, "workloads"), template("unavailable_replicas", "Unavailable replica ratio", "%", 0, "workloads"),
  ],
  durations: ["0s", "1m", "5m", "15m", "30m", "60m"],
  no_data_holds: ["0s", "5m", "15m", "30m", "1h", "6h", "1d"],
  severities: ["critical", "error", "warning", "info"],
};

/** Names that the metrics source knows. */
export const labelValues: Record<string, string[]> = { node: ["web-1", "web-2", "db-1"], namespace: ["shop", "kube-system"], deployment: ["checkout", "catalog"], statefulset: ["orders-db"], daemonset: ["node-exporter"] };

