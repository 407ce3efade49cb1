import type { PolicyPreview, Rehearsal } from "../../api/types";
import { joined } from "../../components/chart/scale";
import { TimeChart } from "../../components/chart/TimeChart";
import { showValue } from "../../components/units";
import { subjectOf, times } from "./words";

interface RehearsalChartProps {
  rehearsal: Rehearsal;
  threshold: PolicyPreview["threshold"];
  unit: string;
}

/** What was measured over time, the threshold, and when the policy would have fired. */
export function RehearsalChart({ rehearsal, threshold, unit }: RehearsalChartProps) {
  const frame = { start: Date.parse(rehearsal.start), end: Date.parse(rehearsal.end), step: rehearsal.step_seconds * 1000 };
  const lines = rehearsal.series.map(({ labels, values }, place) => ({ name: subjectOf(labels), values, place }));
  const limit = threshold?.value ?? null;
  const line = threshold && limit !== null ? { value: limit, words: `${threshold.comparator} ${showValue(limit, unit)}` } : null;
  return (
    <TimeChart
      label={`What was measured: ${rehearsal.series.length} series${line ? `, compared with ${line.words}` : ""}. It would have fired ${times(rehearsal.fired)}.`}
      lines={lines}
      frame={frame}
      show={(value, digits) => showValue(value, unit, digits)}
      isBinary={unit.startsWith("bytes")}
      threshold={line}
      marked={firingSpans(rehearsal, frame.end)}
    />
  );
}

function firingSpans(rehearsal: Rehearsal, end: number) {
  return joined(rehearsal.series.flatMap(({ firing }) => firing.map(({ from, to }) => ({ from: Date.parse(from), to: to === null ? end : Date.parse(to) }))));
}
