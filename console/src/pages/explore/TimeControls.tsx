import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconClock } from "@tabler/icons-react";

import { MomentInput } from "../../components/MomentInput";
import { spanText } from "../../components/time";
import { ranges, type Question } from "./question";
import classes from "./Explore.module.css";

interface TimeProps {
  question: Question;
  onChange: (patch: Partial<Question>) => void;
}

/** At which time the table is. */
export function TableTime({ question: { moment }, onChange }: TimeProps) {
  return (
    <div className={classes.times}>
      <NowOr at={moment} label="Evaluated at" now="Evaluated now" onChange={(next) => onChange({ moment: next })} />
    </div>
  );
}

/** Which span the graph shows: how long, until when, and half of it back and forth. */
export function GraphTime({ question: { range, end }, onChange }: TimeProps) {
  const known = ranges.find(({ length }) => length === range);
  const offered = known ? ranges : [...ranges, { text: spanText(range), length: range }];
  const choose = (text: string) => onChange({ range: offered.find((one) => one.text === text)?.length ?? range });
  const later = end === null ? null : end + range / 2;
  return (
    <div className={classes.times}>
      <SegmentedControl aria-label="Span of the graph" size="xs" data={offered.map(({ text }) => text)} value={known?.text ?? spanText(range)} onChange={choose} />
      <div className={classes.until}>
        <ActionIcon variant="default" size={30} aria-label="Earlier" onClick={() => onChange({ end: (end ?? Date.now()) - range / 2 })}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <NowOr at={end} label="Until" now="Until now" onChange={(next) => onChange({ end: next })} />
        <ActionIcon variant="default" size={30} aria-label="Later" disabled={later === null} onClick={() => onChange({ end: later !== null && later < Date.now() ? later : null })}>
          <IconChevronRight size={16} />
        </ActionIcon>
      </div>
    </div>
  );
}

interface NowOrProps {
  at: number | null;
  label: string;
  /** What is said while it is now. */
  now: string;
  onChange: (at: number | null) => void;
}

/** Now, or a time that is typed. */
function NowOr({ at, label, now, onChange }: NowOrProps) {
  if (at === null) {
    return (
      <Button variant="default" size="xs" leftSection={<IconClock size={14} />} title="Choose another time" onClick={() => onChange(Math.floor(Date.now() / 60_000) * 60_000)}>
        {now}
      </Button>
    );
  }
  return (
    <>
      <MomentInput label={label} at={at} onChange={onChange} />
      <Button variant="subtle" size="compact-sm" onClick={() => onChange(null)}>Now</Button>
    </>
  );
}
