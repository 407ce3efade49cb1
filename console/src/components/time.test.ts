import { expect, it } from "vitest";

import { duration, durationWords, parseSpan, relative, spanText, took, until } from "./time";

const MINUTE = 60_000;

it("says how long in the two largest units", () => {
  expect(duration(45_000)).toBe("45 s");
  expect(duration(59 * MINUTE)).toBe("59 min");
  expect(duration(185 * MINUTE)).toBe("3 h 5 min");
  expect(duration(48 * 60 * MINUTE)).toBe("2 d");
});

it("looks at a moment from now", () => {
  expect(relative(0, 5_000)).toBe("just now");
  expect(relative(0, 5 * MINUTE)).toBe("5 min ago");
  expect(relative(5 * MINUTE, 0)).toBe("in 5 min");
});

it("counts down to a moment to the second", () => {
  expect(until(4_000, 0)).toBe("in 4 s");
  expect(until(25 * 60 * MINUTE, 0)).toBe("in 1 d 1 h");
  expect(until(0, 1)).toBe("now");
});

it("reads and writes durations as Prometheus does", () => {
  expect(["15m", "1h30m", "1w", "1d2h", "500ms"].map(parseSpan)).toEqual([900_000, 5_400_000, 604_800_000, 93_600_000, 500]);
  expect(["", "1", "m", "1m1h", "-5m", "1.5h"].map(parseSpan)).toEqual([null, null, null, null, null, null]);
  expect([900_000, 5_400_000, 604_800_000, 754_000, 0].map(spanText)).toEqual(["15m", "1h30m", "7d", "12m34s", "0s"]);
});

it("says how long something took", () => {
  expect([0.04, 0.42, 34.2, 2_480].map(took)).toEqual(["< 0.1 ms", "0.4 ms", "34 ms", "2.5 s"]);
});

it("reads Prometheus' durations", () => {
  expect(durationWords("0s")).toBe("at once");
  expect(durationWords("1m")).toBe("1 minute");
  expect(durationWords("12h")).toBe("12 hours");
  expect(durationWords("1h30m")).toBe("1h30m");
});
