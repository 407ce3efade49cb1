import { expect, it } from "vitest";

import { policy } from "../../../dev/mock/fixtures";
import type { BuiltinFacts } from "../../api/types";
import { builtinFormOf, builtinUpdateOf, defaultsOf, lacksThreshold } from "./builtin-form";

const facts: BuiltinFacts = {
  category: "node", edited: true, default: { for: "15m", severity: "warning", enabled: true },
  threshold: { value: 0.07, default: 0.05, comparator: ">", unit: "ratio", sign: "%" },
};

it("shows a ratio as hundredths and saves it as it is measured", () => {
  const form = builtinFormOf(policy({ builtin: facts, for: "5m" }));
  expect(form).toMatchObject({ threshold: 7, for: "5m" });
  expect(defaultsOf(facts)).toEqual({ threshold: 5, for: "15m", severity: "warning", enabled: true });
  expect(builtinUpdateOf({ ...form, threshold: 14 }, facts, 3)).toMatchObject({ threshold: 0.14, version: 3 });
});

it("needs a number only where there is a threshold", () => {
  const form = { ...defaultsOf(facts), threshold: null };
  expect(lacksThreshold(form, facts)).toBe(true);
  expect(lacksThreshold(form, { ...facts, threshold: null })).toBe(false);
});
