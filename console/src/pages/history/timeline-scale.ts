import type { Timeline, TimelineSpan } from "../../api/types";

/** What a timeline shows of time, in milliseconds. */
export interface Frame {
  start: number;
  end: number;
}

/** The time that a timeline shows; it ends no later than now. */
export function frameOf({ from, to }: Timeline, now: number): Frame {
  const start = Date.parse(from);
  return { start, end: Math.max(start + 1, Math.min(Date.parse(to), now)) };
}

/** A span as a part of the frame: from where, and how wide, both from 0 to 1. */
export interface Place {
  left: number;
  width: number;
}

/** The narrowest a span is drawn, so that a short one is seen. */
const NARROWEST = 0.003;

/** Where a span is drawn: what lies outside of the frame is cut off. Null where nothing of it lies within. */
export function placeOf(span: Pick<TimelineSpan, "from" | "to">, { start, end }: Frame): Place | null {
  const from = Math.max(start, Date.parse(span.from));
  const to = Math.min(end, span.to === null ? end : Date.parse(span.to));
  if (to < start || from > end) return null;
  const width = Math.min(1, Math.max(NARROWEST, (to - from) / (end - start)));
  return { left: Math.min((from - start) / (end - start), 1 - width), width };
}

/** The span that is meant at a place from 0 to 1: the last drawn of those there, or the nearest if it is near. */
export function spanAt(places: (Place | null)[], at: number): number | null {
  let nearest: number | null = null;
  let distance = 0.01;
  places.forEach((place, index) => {
    if (!place) return;
    const away = Math.max(place.left - at, at - place.left - place.width, 0);
    if (away <= distance) [nearest, distance] = [index, away];
  });
  return nearest;
}

/** The next span in a direction that is drawn; the same if there is none. */
export function stepFrom(places: (Place | null)[], index: number | null, direction: 1 | -1): number | null {
  let next = index === null ? (direction === 1 ? 0 : places.length - 1) : index + direction;
  while (next >= 0 && next < places.length) {
    if (places[next]) return next;
    next += direction;
  }
  return index;
}
