import { expect, it } from "vitest";

import { frameOf } from "../../api/query";
import { shortNames, valuesIn } from "./series";

it("says of several series only what tells them apart", () => {
  expect(shortNames([{ __name__: "up", job: "n", instance: "a" }, { __name__: "up", job: "n", instance: "b" }])).toEqual(['{instance="a"}', '{instance="b"}']);
  expect(shortNames([{ __name__: "up", job: "n" }, { __name__: "down" }])).toEqual(['up{job="n"}', "down"]);
  expect(shortNames([{ __name__: "up", job: "n" }])).toEqual(['up{job="n"}']);
  expect(shortNames([])).toEqual([]);
});

it("puts values at their steps and leaves out what cannot be drawn", () => {
  const frame = { start: 1_000_000, end: 1_040_000, step: 10_000 };
  expect(valuesIn(frame, [[1000, "1"], [1020, "NaN"], [1030, "+Inf"], [1040, "2.5"], [1090, "9"]])).toEqual([1, null, null, null, 2.5]);
});

it("asks for about three hundred steps, of a second at least", () => {
  expect(frameOf(60_000, 100_000)).toEqual({ start: 40_000, end: 100_000, step: 1000 });
  expect(frameOf(3_600_000, 3_600_000)).toEqual({ start: 0, end: 3_600_000, step: 12_000 });
});
