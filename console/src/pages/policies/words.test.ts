import { expect, it } from "vitest";

import type { Rehearsal } from "../../api/types";
import { firedWords } from "./words";

/** What was measured of one node, and how often it would have fired. */
function rehearsal(fired: number, firing_seconds: number): Rehearsal {
  const node = { labels: { node: "db-1" }, values: [1, 2], firing: [] };
  return { start: "2026-11-21T12:00:00Z", end: "2026-11-22T12:00:00Z", step_seconds: 120, fired, firing_seconds, series: [node], more: 0 };
}

it.each([
  [rehearsal(0, 0), "Would not have fired in the last 24 hours."],
  [rehearsal(1, 7200), "Would have fired once in the last 24 hours, 2 h in total."],
  [rehearsal(3, 4800), "Would have fired 3 times in the last 24 hours, 1 h 20 min in total."],
  [{ ...rehearsal(0, 0), series: [] }, "Nothing was measured in the last 24 hours: it would not have fired."],
])("says how often a policy would have fired, and for how long", (past, words) => {
  expect(firedWords(past, "24h")).toBe(words);
});

it("says of what fires only since the last moment that it fires now", () => {
  expect(firedWords(rehearsal(1, 0), "24h")).toBe("Would fire now, but not earlier in the last 24 hours.");
  expect(firedWords(rehearsal(2, 0), "1h")).toBe("Would fire now for 2 series, but not earlier in the last hour.");
});
