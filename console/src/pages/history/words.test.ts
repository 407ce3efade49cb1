import { expect, it } from "vitest";

import { periodOf, periods, whyOf } from "./words";

it("looks back a day unless the address names another time that there is", () => {
  expect(periodOf({})).toBe(periods["24h"]);
  expect(periodOf({ period: "7d" })).toBe(periods["7d"]);
  expect(periodOf({ period: "constructor" })).toBe(periods["24h"]);
});

it("takes a time with one open end", () => {
  expect(periodOf({ from: "2026-01-01T00:00:00Z" })).toEqual({ from: "2026-01-01T00:00:00Z" });
  expect(periodOf({ period: "7d", to: "2026-01-02T00:00:00Z" })).toEqual({ to: "2026-01-02T00:00:00Z" });
});

it("says of what is over which value it had, for it has none now", () => {
  const entry = { reason: "resolved", detail: "", value_text: "92 % (> 90 %)" };
  expect(whyOf({ ...entry, to: "resolved" })).toBe("resolved · was 92 % (> 90 %)");
  expect(whyOf({ ...entry, to: "firing", reason: null })).toBe("92 % (> 90 %)");
});
