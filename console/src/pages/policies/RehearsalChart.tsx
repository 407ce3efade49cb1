import { useElementSize } from "@mantine/hooks";
import { useState, type PointerEvent } from "react";

import type { PolicyPreview, Rehearsal } from "../../api/types";
import { joined, lineColor, pathOf, rangeOf, ticks, timeTicks } from "./chart-scale";
import { showValue } from "./units";
import { subjectOf } from "./words";
import classes from "./RehearsalChart.module.css";

interface RehearsalChartProps {
  rehearsal: Rehearsal;
  threshold: PolicyPreview["threshold"];
  unit: string;
}

const HEIGHT = 220;
const MARGIN = { left: 58, right: 10, top: 10, bottom: 24 };
/** Pixels that a chart has before it is measured. */
const USUAL_WIDTH = 560;
/** How many values the box at the pointer shows. */
const MOST_SHOWN = 6;

/** What was measured over time, the threshold, and when the policy would have fired. */
export function RehearsalChart({ rehearsal, threshold, unit }: RehearsalChartProps) {
  const { ref, width: measured } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const width = measured || USUAL_WIDTH;
  const start = Date.parse(rehearsal.start);
  const end = Date.parse(rehearsal.end);
  const steps = Math.max(1, Math.round((end - start) / 1000 / rehearsal.step_seconds));
  const limit = threshold?.value ?? null;
  const range = rangeOf(rehearsal.series.flatMap(({ values }) => values), limit);
  const inner = { width: Math.max(40, width - MARGIN.left - MARGIN.right), height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const x = (index: number) => MARGIN.left + (inner.width * index) / steps;
  const xAt = (time: number) => MARGIN.left + (inner.width * (time - start)) / Math.max(1, end - start);
  const y = (value: number) => MARGIN.top + inner.height * (1 - (value - range.low) / (range.high - range.low));
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setAt(Math.min(steps, Math.max(0, Math.round(((left - MARGIN.left) / inner.width) * steps))));
  };
  return (
    <div ref={ref} className={classes.chart}>
      <svg width={width} height={HEIGHT} role="img" aria-label={spoken(rehearsal, threshold, unit)} onPointerMove={point} onPointerLeave={() => setAt(null)}>
        {firingSpans(rehearsal, end).map(({ from, to }) => (
          <rect key={from} className={classes.firing} x={xAt(from)} y={MARGIN.top} width={Math.max(2, xAt(to) - xAt(from))} height={inner.height} />
        ))}
        {ticks(range, 4).map((value) => (
          <g key={value} className={classes.grid}>
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
            <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" textAnchor="end">{showValue(value, unit)}</text>
          </g>
        ))}
        {timeTicks(start, end, Math.max(2, inner.width / 90)).map((time) => (
          <text key={time} className={classes.time} x={xAt(time)} y={HEIGHT - 6} textAnchor="middle">{clock(time, end - start)}</text>
        ))}
        {rehearsal.series.map((series, index) => (
          <path key={JSON.stringify(series.labels)} className={classes.line} stroke={lineColor(index)} d={pathOf(series.values, x, y)} />
        ))}
        {limit !== null && (
          <g className={classes.threshold}>
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(limit)} y2={y(limit)} />
            <text x={width - MARGIN.right - 2} y={y(limit) - 5} textAnchor="end">{threshold?.comparator} {showValue(limit, unit)}</text>
          </g>
        )}
        {at !== null && <line className={classes.pointer} x1={x(at)} x2={x(at)} y1={MARGIN.top} y2={MARGIN.top + inner.height} />}
      </svg>
      {at !== null && <Values rehearsal={rehearsal} at={at} unit={unit} left={x(at)} width={width} time={start + at * rehearsal.step_seconds * 1000} />}
    </div>
  );
}

function firingSpans(rehearsal: Rehearsal, end: number) {
  return joined(rehearsal.series.flatMap(({ firing }) => firing.map(({ from, to }) => ({ from: Date.parse(from), to: to === null ? end : Date.parse(to) }))));
}

interface ValuesProps {
  rehearsal: Rehearsal;
  at: number;
  unit: string;
  left: number;
  width: number;
  time: number;
}

/** What was measured at the moment under the pointer, the largest first. */
function Values({ rehearsal, at, unit, left, width, time }: ValuesProps) {
  const values = rehearsal.series
    .map((series, index) => ({ index, name: subjectOf(series.labels), value: series.values[at] ?? null }))
    .filter((one): one is { index: number; name: string; value: number } => one.value !== null)
    .sort((first, second) => second.value - first.value);
  const side = left > width / 2 ? { right: width - left + 10 } : { left: left + 10 };
  return (
    <div className={classes.values} style={side} aria-hidden>
      <strong>{new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}</strong>
      {values.length === 0 && <div>No data</div>}
      {values.slice(0, MOST_SHOWN).map(({ index, name, value }) => (
        <div key={index}>
          <span className={classes.key} style={{ background: lineColor(index) }} /> {name}: {showValue(value, unit)}
        </div>
      ))}
      {values.length > MOST_SHOWN && <div>and {values.length - MOST_SHOWN} more</div>}
    </div>
  );
}

function clock(time: number, span: number): string {
  const date = new Date(time);
  const isDay = date.getHours() === 0 && date.getMinutes() === 0;
  if (isDay && span > 12 * 3_600_000) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** The chart for those who do not see it. */
function spoken(rehearsal: Rehearsal, threshold: PolicyPreview["threshold"], unit: string): string {
  const compared = threshold && threshold.value !== null ? `, compared with ${threshold.comparator} ${showValue(threshold.value, unit)}` : "";
  return `What was measured: ${rehearsal.series.length} series${compared}. It would have fired ${rehearsal.fired} times.`;
}
