import { describe, expect, it } from "vitest";

import { policy } from "../../../dev/mock/fixtures";
import type { PolicyTemplates, TemplateChoice } from "../../api/types";
import { asPromql, draftOfPolicy, isPolicyChanged, newPolicyForm, policyDraftOf, policyFormOf, targetOf, withExpr, withMetric, withSuggestion, withTarget, type PolicyForm } from "./policy-form";
import { noDataChoice, noDataSentence } from "./words";

const onNodes = { target: "nodes", knows_instances: true, integer: false, comparators: [">", ">="] } satisfies Partial<TemplateChoice>;

const templates: PolicyTemplates = {
  templates: [
    { ...onNodes, metric: "cpu", title: "CPU usage", unit: "%", description: "", comparator: ">", threshold: 90, min: 0, max: 100, summary: "CPU is high", details: "CPU details" },
    { ...onNodes, target: "workloads", metric: "workload_cpu", title: "CPU consumption", unit: "cores", description: "", comparator: ">", threshold: 1, min: 0, max: null, summary: "Pods work", details: "" },
    { ...onNodes, metric: "load", title: "Load", unit: "", description: "", comparator: ">=", threshold: 2, min: 0, max: null, summary: "Load is high", details: "Load details" },
  ],
  durations: ["0s", "5m"],
  no_data_holds: ["0s", "30m", "1h"],
  severities: ["critical", "warning"],
};

function fresh(): PolicyForm {
  const form = newPolicyForm(templates);
  if (!form) throw new Error("there are templates");
  return form;
}

describe("a policy from a template", () => {
  it("is filled in", () => {
    expect(fresh()).toMatchObject({ metric: "cpu", threshold: 90, for: "5m", no_data_hold: "1h", severity: "warning", summary: "CPU is high" });
  });

  it("keeps what a saved one says of times without data", () => {
    const saved = policy({ template: { metric: "cpu", comparator: ">", threshold: 90 }, no_data_hold: "1h30m" });
    const form = policyFormOf(saved, templates);
    expect(form?.no_data_hold).toBe("1h30m");
    expect(form && policyDraftOf(form, templates.templates)?.no_data_hold).toBe("1h30m");
  });

  it("says what becomes of what fires without data", () => {
    expect(templates.no_data_holds.map(noDataChoice)).toEqual(["Resolve at once", "30 minutes", "1 hour"]);
    expect(noDataSentence("0s")).toBe("Resolved at once");
    expect(noDataSentence("6h")).toBe("Keeps firing for 6 hours, then resolved");
  });

  it("follows another template while nothing is typed", () => {
    expect(withMetric(fresh(), "load", templates.templates)).toMatchObject({ comparator: ">=", threshold: 2, summary: "Load is high", details: "Load details" });
  });

  it("never overwrites what was typed", () => {
    const typed = { ...fresh(), summary: "Mine" };
    expect(withMetric(typed, "load", templates.templates)).toMatchObject({ summary: "Mine", details: "Load details" });
  });

  it("follows the server's words for the rule as it is", () => {
    const suggested = withSuggestion(fresh(), { summary: "CPU is above 0 %", details: "CPU details" });
    expect(suggested.summary).toBe("CPU is above 0 %");
    expect(withMetric(suggested, "load", templates.templates).summary).toBe("Load is high");
    const typed = { ...suggested, summary: "" };
    expect(withSuggestion(typed, { summary: "CPU is above 1 %", details: "Other" })).toMatchObject({ summary: "", details: "Other" });
  });

  it("leaves the texts of a saved policy alone until its rule changes", () => {
    const saved = { ...fresh(), summary: "Saved", suggested: null };
    const heard = withSuggestion(saved, { summary: "Saved", details: "x" });
    expect(heard.summary).toBe("Saved");
    expect(isPolicyChanged(heard, saved)).toBe(false);
    expect(withSuggestion(heard, { summary: "Another rule", details: "x" }).summary).toBe("Another rule");
  });

  it("leaves to the server what nobody has typed, for what it suggested last may be for another threshold", () => {
    expect(policyDraftOf({ ...fresh(), threshold: 0 }, templates.templates)).toMatchObject({ summary: null, details: null });
    expect(policyDraftOf({ ...fresh(), summary: "Mine", details: "" }, templates.templates)).toMatchObject({ summary: "Mine", details: "" });
  });

  it("allows a threshold of 0 and refuses none at all", () => {
    expect(policyDraftOf({ ...fresh(), threshold: 0 }, templates.templates)?.template?.threshold).toBe(0);
    expect(policyDraftOf({ ...fresh(), threshold: null }, templates.templates)).toBeNull();
  });

  it("is of nodes or of workloads, by name or all of them", () => {
    const workload = withTarget(fresh(), "workloads", templates.templates);
    expect(workload).toMatchObject({ metric: "workload_cpu", threshold: 1, summary: "Pods work" });
    expect(targetOf(workload, templates.templates)).toBe("workloads");
    const named: PolicyForm = { ...workload, workload: "StatefulSet", namespace: " shop ", workloads: ["db"] };
    expect(policyDraftOf(named, templates.templates)?.template?.target).toEqual({ kind: "workloads", workload: "StatefulSet", namespace: "shop", names: ["db"] });
    expect(policyDraftOf({ ...fresh(), nodes: ["a"] }, templates.templates)?.template?.target).toEqual({ kind: "nodes", names: ["a"] });
    expect(withTarget(workload, "workloads", templates.templates)).toBe(workload);
  });

  it("does not keep a template's words for what is no longer its expression", () => {
    const free = asPromql(fresh(), "cpu > 90");
    expect(withExpr(free, "cpu > 90 ")).toMatchObject({ summary: "CPU is high", details: "CPU details" });
    const other = withExpr(free, "node_load1 > 1");
    expect(other).toMatchObject({ expr: "node_load1 > 1", summary: "It is {{ $value | humanize }}", details: "" });
    expect(withExpr({ ...free, summary: "Mine" }, "node_load1 > 1")).toMatchObject({ summary: "Mine", details: "" });
    expect(withMetric({ ...other, how: "template" }, "load", templates.templates).summary).toBe("Load is high");
  });

  it("becomes free PromQL and keeps what somebody has typed", () => {
    const free = asPromql(fresh(), "cpu > 90");
    expect(policyDraftOf(free, templates.templates)).toMatchObject({ expr: "cpu > 90", summary: "CPU is high" });
    expect(policyDraftOf(free, templates.templates)?.template).toBeUndefined();
    expect(asPromql({ ...free, how: "template" }, "cpu > 80").expr).toBe("cpu > 80");
    expect(asPromql({ ...free, how: "template", expr: "mine" }, "cpu > 80").expr).toBe("mine");
    expect(isPolicyChanged(free, fresh())).toBe(true);
    expect(isPolicyChanged({ ...free, threshold: 1 }, free)).toBe(false);
  });

  it("sends labels that have a name", () => {
    const labels = [{ name: " team ", value: "a" }, { name: "", value: "b" }];
    expect(policyDraftOf({ ...fresh(), labels }, templates.templates)?.labels).toEqual({ team: "a" });
  });
});

describe("a saved policy", () => {
  it("comes back into the form as it is", () => {
    const saved = policy({
      kind: "custom", alias: "RAM", runbook: "https://wiki", labels: { team: "a" }, keep_firing_for: "1m", description: "mine",
      template: { metric: "workload_cpu", comparator: ">", threshold: 2, target: { kind: "workloads", workload: "DaemonSet", namespace: "x", names: ["y"] } },
    });
    const form = policyFormOf(saved, templates);
    expect(form).toMatchObject({ how: "template", workload: "DaemonSet", namespace: "x", workloads: ["y"], alias: "RAM", labels: [{ name: "team", value: "a" }] });
    expect(form && policyDraftOf(form, templates.templates)).toMatchObject({ alias: "RAM", runbook: "https://wiki", labels: { team: "a" }, keep_firing_for: "1m", description: "mine", template: saved.template });
    expect(policyFormOf(policy({ kind: "custom", expr: "up == 0" }), templates)).toMatchObject({ how: "expr", expr: "up == 0" });
  });

  it("is copied and changed with the annotations that have no input", () => {
    const form = policyFormOf(policy({ kind: "custom", expr: "up == 0", annotations: { dashboard: "https://d" } }), templates);
    expect(form && policyDraftOf(form, templates.templates)?.annotations).toEqual({ dashboard: "https://d" });
  });

  it("can be made again with all that it had", () => {
    const saved = policy({ kind: "custom", expr: "up == 0", annotations: { dashboard: "x" }, runbook: null });
    expect(draftOfPolicy(saved)).toMatchObject({ expr: "up == 0", annotations: { dashboard: "x" }, runbook: "", for: "15m" });
    expect(draftOfPolicy(saved).template).toBeUndefined();
  });
});
