import { useState } from "react";

import type { Evaluated, Frame, RangeResult } from "../../api/query";
import { LineKey } from "../../components/chart/LineKey";
import { TimeChart, type Line } from "../../components/chart/TimeChart";
import { seriesName } from "../../components/matchers";
import { showValue } from "../../components/units";
import { NoSeries } from "./NoSeries";
import { shortNames, valuesIn } from "./series";
import classes from "./Explore.module.css";

interface GraphResultProps {
  answer: Evaluated<RangeResult> & { frame: Frame };
  onZoom: (from: number, to: number) => void;
}

/** How an expression went, a line for each series; one line can be looked at alone, and a span be drawn to look closer. */
export function GraphResult({ answer: { data, frame }, onZoom }: GraphResultProps) {
  const [alone, setAlone] = useState<string | null>(null);
  const names = shortNames(data.result.map(({ metric }) => metric));
  const lines = data.result.map(({ metric, values }, place) => ({
    id: seriesName(metric), name: names[place] ?? "", values: valuesIn(frame, values), place,
  }));
  if (lines.length === 0) return <div className={classes.graph}><NoSeries when="in this time" /></div>;
  const chosen = lines.filter(({ id }) => id === alone);
  const drawn = chosen.length > 0 ? chosen : lines;
  return (
    <div className={classes.graph}>
      <TimeChart label={spoken(drawn)} lines={drawn} frame={frame} show={(value, digits) => showValue(value, "", digits)} height={340} onZoom={onZoom} />
      <ul className={classes.legend} aria-label="Series">
        {lines.map(({ id, name, place }) => (
          <li key={id}>
            <button type="button" className={classes.entry} title={id} aria-pressed={id === alone} onClick={() => setAlone(id === alone ? null : id)}>
              <LineKey place={place} />
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function spoken(lines: Line[]): string {
  return lines.length === 1 ? `A graph of ${lines[0]?.name ?? "one series"}` : `A graph of ${lines.length} series`;
}
