import { expect, it } from "vitest";

import { placeOf, spanAt, stepFrom } from "./timeline-scale";

const frame = { start: Date.parse("2026-01-01T00:00:00Z"), end: Date.parse("2026-01-01T10:00:00Z") };
const at = (hour: number) => new Date(frame.start + hour * 3_600_000).toISOString();

it("draws of a span what lies within the frame, and what lasts until its end", () => {
  expect(placeOf({ from: at(1), to: at(3) }, frame)).toEqual({ left: 0.1, width: 0.2 });
  expect(placeOf({ from: at(-5), to: at(1) }, frame)).toEqual({ left: 0, width: 0.1 });
  expect(placeOf({ from: at(8), to: null }, frame)).toEqual({ left: 0.8, width: expect.closeTo(0.2) as number });
  expect(placeOf({ from: at(-5), to: at(-1) }, frame)).toBeNull();
});

it("draws a moment wide enough to be seen, also at the very end", () => {
  const moment = placeOf({ from: at(10), to: at(10) }, frame);
  expect(moment?.width).toBeGreaterThan(0);
  expect((moment?.left ?? 1) + (moment?.width ?? 1)).toBeLessThanOrEqual(1);
});

it("finds the span under the pointer, the last drawn first, and the nearest where there is none", () => {
  const places = [{ left: 0.1, width: 0.4 }, { left: 0.2, width: 0.1 }, null];
  expect(spanAt(places, 0.25)).toBe(1);
  expect(spanAt(places, 0.15)).toBe(0);
  expect(spanAt(places, 0.505)).toBe(0);
  expect(spanAt(places, 0.9)).toBeNull();
});

it("goes from span to span, past what is not drawn, and stays at the ends", () => {
  const places = [{ left: 0, width: 0.1 }, null, { left: 0.5, width: 0.1 }];
  expect(stepFrom(places, null, 1)).toBe(0);
  expect(stepFrom(places, 0, 1)).toBe(2);
  expect(stepFrom(places, 2, 1)).toBe(2);
  expect(stepFrom(places, 2, -1)).toBe(0);
});
