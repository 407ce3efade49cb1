import { describe, expect, it } from "vitest";

import type { PolicyTemplates } from "../../api/types";
import { isPolicyChanged, newPolicyForm, policyDraftOf, withMetric, withSuggestion, type PolicyForm } from "./policy-form";

const templates: PolicyTemplates = {
  templates: [
    { metric: "cpu", title: "CPU usage", unit: "%", description: "", comparator: ">", threshold: 90, min: 0, max: 100, summary: "CPU is high", details: "CPU details" },
    { metric: "load", title: "Load", unit: "", description: "", comparator: ">=", threshold: 2, min: 0, max: null, summary: "Load is high", details: "Load details" },
  ],
  durations: ["0s", "5m"],
  severities: ["critical", "warning"],
};

function fresh(): PolicyForm {
  const form = newPolicyForm(templates);
  if (!form) throw new Error("there are templates");
  return form;
}

describe("a policy from a template", () => {
  it("is filled in", () => {
    expect(fresh()).toMatchObject({ metric: "cpu", threshold: 90, for: "5m", severity: "warning", summary: "CPU is high" });
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

  it("allows a threshold of 0 and refuses none at all", () => {
    expect(policyDraftOf({ ...fresh(), threshold: 0 })?.template.threshold).toBe(0);
    expect(policyDraftOf({ ...fresh(), threshold: null })).toBeNull();
  });
});
