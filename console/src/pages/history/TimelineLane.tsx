import type { KeyboardEvent, PointerEvent } from "react";

import type { TimelineSpan } from "../../api/types";
import { stateWords } from "../../components/states";
import classes from "./Timeline.module.css";
import { placeOf, spanAt, stepFrom, type Frame } from "./timeline-scale";

interface TimelineLaneProps {
  /** Whose it is, for those who do not see it. */
  label: string;
  spans: TimelineSpan[];
  frame: Frame;
  /** Which span's details are shown, if it is one of this lane. */
  chosen: number | null;
  onChoose: (index: number | null) => void;
}

/** What one series was when, as coloured spans: one stop of the keyboard, in which the arrow keys go from span to span. */
export function TimelineLane({ label, spans, frame, chosen, onChoose }: TimelineLaneProps) {
  const places = spans.map((span) => placeOf(span, frame));
  const press = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (direction === undefined) return;
    event.preventDefault();
    onChoose(stepFrom(places, chosen, direction));
  };
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = spanAt(places, (event.clientX - box.left) / Math.max(1, box.width));
    if (index !== null) onChoose(index);
  };
  return (
    <div
      className={classes.lane}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, spans.length - 1)}
      aria-valuenow={chosen ?? 0}
      aria-valuetext={chosen === null ? `${spans.length} spans` : wordsOf(spans[chosen])}
      onKeyDown={press}
      onFocus={() => chosen === null && onChoose(stepFrom(places, null, -1))}
      onPointerMove={point}
      onPointerDown={point}
    >
      {spans.map((span, index) => {
        const place = places[index];
        if (!place) return null;
        return (
          <span
            key={`${span.state} ${span.from}`}
            className={classes.span}
            data-state={span.state}
            data-chosen={index === chosen || undefined}
            style={{ left: `${place.left * 100}%`, width: `${place.width * 100}%` }}
          />
        );
      })}
    </div>
  );
}

/** `Firing from 1 Jan, 10:00 to 1 Jan, 11:00` */
function wordsOf(span: TimelineSpan | undefined): string {
  return span ? `${stateWords[span.state].word} ${timesOf(span)}` : "";
}

/** `from 1 Jan, 10:00 to 1 Jan, 11:00` */
export function timesOf(span: TimelineSpan): string {
  return `from ${moment(span.from)} ${span.to === null ? "until now" : `to ${moment(span.to)}`}`;
}

function moment(at: string): string {
  return new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
