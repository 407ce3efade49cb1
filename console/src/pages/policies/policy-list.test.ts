import { describe, expect, it } from "vitest";

import { policy } from "../../../dev/mock/fixtures";
import { filtered, selectedWith, sorted, tabOf } from "./policy-list";

const names = (policies: { name: string }[]) => policies.map(({ name }) => name);

const policies = [
  policy({ id: 1, name: "beta", state: "firing", severity: "critical", alerts: { firing: 2, pending: 0 } }),
  policy({ id: 2, name: "Alpha", state: "inactive", expr: "up == 0" }),
  policy({ id: 3, name: "gamma", state: "no_data", severity: "info", alias: "Third" }),
];

describe("the list of policies", () => {
  it("is filtered by text, state and severity together", () => {
    expect(names(filtered(policies, { q: "UP ==" }))).toEqual(["Alpha"]);
    expect(names(filtered(policies, { q: "third" }))).toEqual(["gamma"]);
    expect(names(filtered(policies, { state: "firing,no_data" }))).toEqual(["beta", "gamma"]);
    expect(names(filtered(policies, { state: "firing,no_data", severity: "info" }))).toEqual(["gamma"]);
    expect(names(filtered(policies, { state: "firing", severity: "info" }, "state"))).toEqual(["gamma"]);
    expect(filtered(policies, { category: "storage" })).toEqual([]);
  });

  it("is sorted by a column, either way", () => {
    expect(names(sorted(policies, "name"))).toEqual(["Alpha", "beta", "gamma"]);
    expect(names(sorted(policies, "-name"))).toEqual(["gamma", "beta", "Alpha"]);
    expect(names(sorted(policies, "state"))).toEqual(["beta", "gamma", "Alpha"]);
    expect(names(sorted(policies, "alerts"))[0]).toBe("beta");
    expect(names(sorted(policies, "nonsense"))).toEqual(["Alpha", "beta", "gamma"]);
  });

  it("is selected one by one, or from one to another", () => {
    expect([...selectedWith(new Set([1]), policies, 3, null)]).toEqual([1, 3]);
    expect([...selectedWith(new Set([1, 3]), policies, 3, null)]).toEqual([1]);
    expect([...selectedWith(new Set([1]), policies, 3, 1)]).toEqual([1, 2, 3]);
    expect([...selectedWith(new Set(), policies, 1, 3)]).toEqual([1, 2, 3]);
  });

  it("has a tab for each kind", () => {
    expect([tabOf({}), tabOf({ tab: "builtin" }), tabOf({ tab: "x" })]).toEqual(["custom", "builtin", "custom"]);
  });
});
