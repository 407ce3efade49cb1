import type { Frame, Sample } from "../../api/query";
import { seriesName } from "../../components/matchers";

type Metric = Record<string, string>;

/** What tells each of several series from the others: the labels that not all of them share. */
export function shortNames(metrics: Metric[]): string[] {
  const [first] = metrics;
  if (!first || metrics.length === 1) return metrics.map(seriesName);
  const labels = new Set(metrics.flatMap((metric) => Object.keys(metric)));
  const telling = [...labels].filter((label) => metrics.some((metric) => metric[label] !== first[label]));
  return metrics.map((metric) => seriesName(Object.fromEntries(telling.flatMap((label) => (metric[label] === undefined ? [] : [[label, metric[label]]])))));
}

/** The values of a series at the steps of a frame; null where there is none, and where it is no number that can be drawn. */
export function valuesIn({ start, end, step }: Frame, samples: Sample[]): (number | null)[] {
  const values = Array.from<number | null>({ length: Math.floor((end - start) / step) + 1 }).fill(null);
  for (const [seconds, text] of samples) {
    const value = Number(text);
    const index = Math.round((seconds * 1000 - start) / step);
    if (Number.isFinite(value) && index >= 0 && index < values.length) values[index] = value;
  }
  return values;
}
