import { useElementSize } from "@mantine/hooks";
import { useState, type PointerEvent } from "react";

import { lineColor, lineDash, pathOf, rangeOf, ticks, tickWords, timeTicks } from "./scale";
import { timeWords } from "./time-words";
import { ValuesAt } from "./ValuesAt";
import classes from "./TimeChart.module.css";

/** A series as it is drawn. */
export interface Line {
  name: string;
  /** One value a step, from the start; null where there is none. */
  values: (number | null)[];
  /** Its place among all series, which gives it its colour and dashes also when it is drawn alone. */
  place: number;
}

interface TimeChartProps {
  /** What the chart shows, for those who do not see it. */
  label: string;
  lines: Line[];
  /** The time that is shown, and the distance of two values, in milliseconds. */
  frame: { start: number; end: number; step: number };
  /** A value in words, with its unit and, at the axis, so many significant digits. */
  show: (value: number, digits?: number) => string;
  /** A line across, with what is said at it. */
  threshold?: { value: number; words: string } | null;
  /** Spans of time that stand out, in milliseconds. */
  marked?: { from: number; to: number }[];
  /** Whether values are read in steps of 1024, as bytes are. */
  isBinary?: boolean;
  height?: number;
  /** Called with a span that was drawn with the pointer; without it nothing can be drawn. */
  onZoom?: (from: number, to: number) => void;
}

const MARGIN = { right: 10, top: 10, bottom: 24 };
/** Pixels that a letter at the axis takes, about, and those around the longest word there. */
const LETTER = 6.4;
const AROUND_WORDS = 16;
/** Pixels at the right edge in which a time would be cut off. */
const LAST_WORDS = 20;
/** Pixels that a chart has before it is measured. */
const USUAL_WIDTH = 560;
/** Pixels that the pointer moves at least when it draws a span. */
const LEAST_DRAWN = 8;

/** Lines over time, with the values at the pointer. */
export function TimeChart({ label, lines, frame, show, threshold = null, marked = [], isBinary = false, height = 220, onZoom }: TimeChartProps) {
  const { ref, width: measured } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const [drawnFrom, setDrawnFrom] = useState<number | null>(null);
  const { start, end, step } = frame;
  const width = measured || USUAL_WIDTH;
  const range = rangeOf(lines.flatMap(({ values }) => values), threshold?.value ?? null);
  const levels = ticks(range, height / 55, isBinary);
  const words = tickWords(levels, show);
  const left = AROUND_WORDS + LETTER * Math.max(...words.map(({ length }) => length), 4);
  const inner = { width: Math.max(40, width - left - MARGIN.right), height: height - MARGIN.top - MARGIN.bottom };
  const x = (time: number) => left + (inner.width * (time - start)) / Math.max(1, end - start);
  const y = (value: number) => MARGIN.top + inner.height * (1 - (value - range.low) / (range.high - range.low));
  const timeAt = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    return start + (Math.min(1, Math.max(0, place / inner.width)) * (end - start));
  };
  const index = at === null ? 0 : Math.min(Math.round((at - start) / step), Math.floor((end - start) / step));
  const isDrawn = onZoom && at !== null && drawnFrom !== null && Math.abs(x(at) - x(drawnFrom)) >= LEAST_DRAWN;
  const finish = () => {
    if (isDrawn) onZoom(Math.min(at, drawnFrom), Math.max(at, drawnFrom));
    setDrawnFrom(null);
  };
  return (
    <div ref={ref} className={classes.chart} data-zooms={onZoom ? true : undefined}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={label}
        onPointerMove={(event) => setAt(timeAt(event))}
        onPointerDown={(event) => setDrawnFrom(event.pointerType === "mouse" && event.button === 0 ? timeAt(event) : null)}
        onPointerUp={finish}
        onPointerLeave={() => (setAt(null), setDrawnFrom(null))}
      >
        {marked.map(({ from, to }) => (
          <rect key={from} className={classes.marked} x={x(from)} y={MARGIN.top} width={Math.max(2, x(to) - x(from))} height={inner.height} />
        ))}
        {levels.map((value, place) => (
          <g key={value} className={classes.grid}>
            <line x1={left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value)} dy="0.32em" textAnchor="end">{words[place]}</text>
          </g>
        ))}
        {timeTicks(start, end, Math.max(2, inner.width / 90)).map((time) => (
          <text key={time} className={classes.time} x={Math.min(x(time), width - 2)} y={height - 6} textAnchor={x(time) > width - LAST_WORDS ? "end" : "middle"}>{timeWords(time, end - start)}</text>
        ))}
        {lines.map(({ values, place }) => (
          <path key={place} className={classes.line} stroke={lineColor(place)} strokeDasharray={lineDash(place)} d={pathOf(values, (at) => x(start + at * step), y)} />
        ))}
        {threshold && (
          <g className={classes.threshold}>
            <line x1={left} x2={width - MARGIN.right} y1={y(threshold.value)} y2={y(threshold.value)} />
            <text x={left + 4} y={y(threshold.value) - 5}>{threshold.words}</text>
          </g>
        )}
        {at !== null && <line className={classes.pointer} x1={x(start + index * step)} x2={x(start + index * step)} y1={MARGIN.top} y2={MARGIN.top + inner.height} />}
        {isDrawn && <rect className={classes.drawn} x={Math.min(x(at), x(drawnFrom))} y={MARGIN.top} width={Math.abs(x(at) - x(drawnFrom))} height={inner.height} />}
      </svg>
      {at !== null && <ValuesAt lines={lines} index={index} time={start + index * step} show={show} left={x(start + index * step)} width={width} />}
    </div>
  );
}
