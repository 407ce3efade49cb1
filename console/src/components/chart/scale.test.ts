import { expect, it, vi } from "vitest";

import { joined, pathOf, rangeOf, ticks, tickWords, timeTicks } from "./scale";
import { showValue } from "../units";

it("spans what is drawn and the threshold", () => {
  const { low, high } = rangeOf([10, null, 40], 90);
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(90);
  expect(rangeOf([-5, 5], null).low).toBeLessThan(-5);
  expect(rangeOf([], null)).toEqual({ low: 0, high: 1 });
  const close = rangeOf([1000, 1001], null);
  expect(close.low).toBeGreaterThan(900);
  expect(rangeOf([3, 3], null).high).toBeGreaterThan(3);
  expect(rangeOf(Array.from({ length: 500_000 }, () => 1), null).high).toBeGreaterThan(1);
});

it("puts ticks at round numbers", () => {
  expect(ticks({ low: 0, high: 100 }, 4)).toEqual([0, 25, 50, 75, 100]);
  expect(ticks({ low: -1, high: 1 }, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  const hour = 3_600_000;
  for (const time of timeTicks(0, 24 * hour, 6)) expect(new Date(time).getMinutes()).toBe(0);
  expect(timeTicks(0, 24 * hour, 6).length).toBeGreaterThan(3);
});

it("says exactly where a tick is", () => {
  const show = (value: number, digits: number) => showValue(value, "", digits);
  expect(tickWords([0, 0.1 + 0.2, 1], show)).toEqual(["0", "0.3", "1"]);
  expect(tickWords([1000.2, 1000.4], show)).toEqual(["1.0002 k", "1.0004 k"]);
  expect(tickWords([24.5e9, 24.75e9, 25e9], show)).toEqual(["24.5 G", "24.75 G", "25 G"]);
});

it("puts ticks of bytes at round numbers of bytes", () => {
  const gibibyte = 2 ** 30;
  const words = tickWords(ticks({ low: 0, high: 15 * gibibyte }, 4, true), (value, digits) => showValue(value, "bytes", digits));
  expect(words).toEqual(["0 B", "4 GiB", "8 GiB", "12 GiB"]);
});

it("puts ticks at round times, be the span a minute or a year", () => {
  const minute = timeTicks(500, 60_500, 6);
  expect(minute).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  const year = timeTicks(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1), 6);
  expect(year.length).toBeGreaterThan(3);
  expect(year.length).toBeLessThan(9);
  for (const time of year) expect(new Date(time).getHours()).toBe(0);
});

it("keeps midnight at midnight where the clocks are changed", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const days = timeTicks(Date.parse("2026-10-23T12:00:00+02:00"), Date.parse("2026-10-27T12:00:00+01:00"), 5);
  expect(new Set(days.map((time) => new Date(time).getTimezoneOffset()))).toEqual(new Set([-120, -60]));
  expect(days.map((time) => new Date(time).getHours())).toEqual([0, 0, 0, 0]);
  vi.unstubAllEnvs();
});

it("breaks the line where there is no value", () => {
  const path = pathOf([1, 2, null, 3, null], (index) => index, (value) => value);
  expect(path).toBe("M0.0,1.0L1.0,2.0M3.0,3.0h0.01");
});

it("counts spans that overlap as one", () => {
  expect(joined([{ from: 5, to: 9 }, { from: 1, to: 3 }, { from: 2, to: 4 }])).toEqual([{ from: 1, to: 4 }, { from: 5, to: 9 }]);
});

it("shows values with their units", () => {
  expect(showValue(93.24, "percent")).toBe("93.2 %");
  expect(showValue(0.071, "ratio")).toBe("7.1 %");
  expect(showValue(1_610_612_736, "bytes")).toBe("1.5 GiB");
  expect(showValue(1_234_567, "number")).toBe("1.23 M");
  expect(showValue(2, "number")).toBe("2");
  expect(showValue(999.7, "number")).toBe("1 k");
  expect(showValue(1023.9 * 1024, "bytes")).toBe("1 MiB");
  expect(showValue(-1234, "percent")).toBe("-1234 %");
  expect(showValue(0.00001, "number")).toBe("0.00001");
  expect(showValue(0, "megabits_per_second")).toBe("0 Mbit/s");
});
