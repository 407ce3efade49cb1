import { LineKey } from "./LineKey";
import type { Line } from "./TimeChart";
import classes from "./TimeChart.module.css";

interface ValuesAtProps {
  lines: Line[];
  index: number;
  /** The moment, in milliseconds. */
  time: number;
  show: (value: number) => string;
  /** Where the pointer is in the chart, and how wide that is, in pixels. */
  left: number;
  width: number;
}

/** How many values the box at the pointer shows. */
const MOST_SHOWN = 6;

/** What was measured at the moment under the pointer, the largest first. */
export function ValuesAt({ lines, index, time, show, left, width }: ValuesAtProps) {
  const values = lines
    .flatMap(({ name, place, values: all }) => {
      const value = all[index] ?? null;
      return value === null ? [] : [{ name, place, value }];
    })
    .sort((first, second) => second.value - first.value);
  const side = left > width / 2 ? { right: width - left + 10 } : { left: left + 10 };
  return (
    <div className={classes.values} style={side} aria-hidden>
      <strong>{new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" })}</strong>
      {values.length === 0 && <div>No data</div>}
      {values.slice(0, MOST_SHOWN).map(({ name, place, value }) => (
        <div key={place}>
          <LineKey place={place} /> {name}: {show(value)}
        </div>
      ))}
      {values.length > MOST_SHOWN && <div>and {values.length - MOST_SHOWN} more</div>}
    </div>
  );
}
