import { SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useState } from "react";

import { timelineQuery } from "../../api/history";
import { asProblem } from "../../api/problem";
import type { Timeline, TimelineSpan } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { StateTag } from "../../components/states";
import { duration } from "../../components/time";
import { useNow } from "../../components/use-now";
import { paths } from "../../paths";
import { timeTicks } from "../../components/chart/scale";
import classes from "./Timeline.module.css";
import { TimelineLane, timesOf } from "./TimelineLane";
import { frameOf, type Frame } from "./timeline-scale";
import { periods, type Period } from "./words";

const ranges: Period[] = ["1h", "24h", "7d", "30d"];

/** What a policy did: a lane for itself and one for each of its series. */
export function PolicyTimeline({ id }: { id: number }) {
  const [range, setRange] = useState<Period>("24h");
  const { data: timeline, error, refetch } = useQuery(timelineQuery(id, periods[range]));
  return (
    <Stack gap="sm">
      <div>
        <SegmentedControl aria-label="Time of the timeline" size="xs" data={ranges} value={range} onChange={setRange} />
      </div>
      {timeline ? (
        <Lanes timeline={timeline} id={id} range={range} />
      ) : error ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={90} radius="md" />
      )}
    </Stack>
  );
}

function Lanes({ timeline, id, range }: { timeline: Timeline; id: number; range: string }) {
  const frame = frameOf(timeline, useNow());
  const [chosen, setChosen] = useState<{ lane: string; index: number } | null>(null);
  const lanes = lanesOf(timeline);
  const span = chosen ? lanes.find(({ key }) => key === chosen.lane)?.spans[chosen.index] : undefined;
  return (
    <div>
      <Text size="sm" mb="sm">
        {summaryOf(timeline)} <Link {...paths.history({ policy: String(id), period: range })}>All changes</Link>
      </Text>
      {lanes.length > 0 && (
        <>
          <div className={classes.lanes}>
            {lanes.map(({ key, name, note, spans }) => (
              <Fragment key={key}>
                <div className={classes.name}>
                  {name}
                  {note && <small>{note}</small>}
                </div>
                <TimelineLane
                  label={name}
                  spans={spans}
                  frame={frame}
                  chosen={chosen?.lane === key ? chosen.index : null}
                  onChoose={(index) => setChosen(index === null ? null : { lane: key, index })}
                />
              </Fragment>
            ))}
            <Axis frame={frame} />
          </div>
          <div className={classes.details}>{span ? <Details span={span} /> : "Point at a span, or go through them with the arrow keys."}</div>
        </>
      )}
      <Text size="sm" c="dimmed" mt={6}>
        {timeline.more_series > 0 && `${timeline.more_series} more series, which fired or were pending for less time, are not shown. `}
        {!timeline.complete && "There was more than can be shown: the oldest changes are missing."}
      </Text>
    </div>
  );
}

interface Lane {
  key: string;
  name: string;
  note: string;
  spans: TimelineSpan[];
}

function lanesOf({ policy, series }: Timeline): Lane[] {
  const own: Lane[] = policy.length > 0 ? [{ key: "", name: "The policy", note: "", spans: policy }] : [];
  const others = series.map(({ labels, target, spans, fired, firing_seconds }) => ({
    key: JSON.stringify(labels),
    name: target || labels["alertname"] || "(no labels)",
    note: fired > 0 || firing_seconds > 0 ? `${fired} × · ${duration(firing_seconds * 1000)}` : "pending only",
    spans,
  }));
  return [...own, ...others];
}

/** How often it fired, and for how long. */
function summaryOf({ fired, firing_seconds, series, policy }: Timeline): string {
  if (fired === 0 && firing_seconds === 0) {
    return series.length === 0 && policy.length === 0 ? "Nothing changed in this time." : "It did not fire in this time.";
  }
  const often = fired === 0 ? "It fired since before this time" : `It began to fire ${fired === 1 ? "once" : `${fired} times`}`;
  return `${often}, ${duration(firing_seconds * 1000)} in total.`;
}

function Details({ span }: { span: TimelineSpan }) {
  const length = span.to === null ? null : duration(Date.parse(span.to) - Date.parse(span.from));
  const more = [length, span.value_text, span.reason].filter(Boolean).join(" · ");
  return (
    <>
      <StateTag state={span.state} />
      <span>{timesOf(span)}</span>
      <span className="tabular">{more}</span>
      {span.alert && <Link {...paths.alert(span.alert)}>Open the alert</Link>}
    </>
  );
}

const DAY = 24 * 60 * 60_000;

function Axis({ frame: { start, end } }: { frame: Frame }) {
  const isLong = end - start > 2 * DAY;
  const format: Intl.DateTimeFormatOptions = isLong ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  return (
    <div className={classes.axis} aria-hidden>
      {timeTicks(start, end, 5).map((at) => {
        const place = (at - start) / (end - start);
        return place < 0.04 || place > 0.96 ? null : (
          <span key={at} style={{ left: `${place * 100}%` }}>
            {new Date(at).toLocaleString("en-GB", format)}
          </span>
        );
      })}
    </div>
  );
}
