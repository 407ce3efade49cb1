/** Where things stand in a chart: plain functions between numbers and pixels. */

export interface Range {
  low: number;
  high: number;
}

/** How much room there is beyond what is drawn, as a part of it. */
const AIR = 0.08;

/** The values that a chart spans: 0, all that is drawn and the threshold, with some air. */
export function rangeOf(values: (number | null)[], threshold: number | null): Range {
  let least = threshold ?? Infinity;
  let most = threshold ?? -Infinity;
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return { low: 0, high: 1 };
  // Values that lie far from 0 and close together are told apart better without it.
  if (least > 0 && most - least < least / 4) {
    const room = (most - least || most / 10) / 4;
    return { low: least - room, high: most + room };
  }
  const low = Math.min(0, least);
  const high = most > low ? most : low + 1;
  const air = (high - low) * AIR;
  return { low: low < 0 ? low - air : low, high: high + air };
}

/** Round numbers within a range, about `count` of them; powers of two apart where numbers are read in steps of 1024. */
export function ticks({ low, high }: Range, count: number, isBinary = false): number[] {
  const rough = (high - low) / Math.max(1, count);
  const step = isBinary && rough > 1 ? 2 ** Math.ceil(Math.log2(rough)) : roundStep(rough);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
}

/** As many significant digits as a double has that mean something. */
const ALL_DIGITS = 12;

/** Ticks in words, each with as many digits as it takes to say exactly where it is. */
export function tickWords(values: number[], show: (value: number, digits: number) => string): string[] {
  return values.map((value) => {
    const exact = show(value, ALL_DIGITS);
    const short = show(value, 3);
    return Number.parseFloat(short) === Number.parseFloat(exact) ? short : exact;
  });
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;

/** Distances between round times, in milliseconds. */
const spans = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 4, 7, 14].map((count) => count * DAY),
];

/** Round local times within a span of milliseconds, about `count` of them. */
export function timeTicks(start: number, end: number, count: number): number[] {
  const rough = (end - start) / Math.max(1, count);
  const step = spans.find((span) => span >= rough) ?? Math.ceil(rough / MONTH) * MONTH;
  const zone = (time: number) => new Date(time).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((start - zone(start)) / step) * step;
  const all = Array.from({ length: Math.floor((end - start) / step) + 2 }, (_, index) => first + index * step);
  // Where the clocks are changed within the span, midnight stays midnight.
  return all.map((local) => local + zone(local + zone(start))).filter((time) => time >= start && time <= end);
}

/** The line through values, broken where there is none; a value between two gaps is a dot of a line. */
export function pathOf(values: (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  let path = "";
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    path += `${isDrawing ? "L" : "M"}${x(index).toFixed(1)},${y(value).toFixed(1)}`;
    if (!isDrawing && (values[index + 1] ?? null) === null) path += "h0.01";
    isDrawing = true;
  });
  return path;
}

/** Spans of time as few as can be: those that touch are one. */
export function joined(spans: { from: number; to: number }[]): { from: number; to: number }[] {
  const sorted = [...spans].sort((first, second) => first.from - second.from);
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** How many colours there are for lines; then they begin anew, dashed. */
const COLORS = 8;

/** The colour of the line of a series. */
export function lineColor(index: number): string {
  return `var(--line-${index % COLORS})`;
}

/** The dashes of the line of a series, by which it differs from others of its colour; undefined for none. */
export function lineDash(index: number): string | undefined {
  return [undefined, "6 3", "2 3", "8 3 2 3"][Math.floor(index / COLORS) % 4];
}
