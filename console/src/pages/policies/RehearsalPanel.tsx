import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { IconAlertTriangle, IconDatabaseOff } from "@tabler/icons-react";
import { lazy, Suspense } from "react";

import { asProblem } from "../../api/problem";
import type { PolicyPreview, Rehearsal } from "../../api/types";
import { Notice } from "../../components/Notice";
import { LineKey } from "../../components/chart/LineKey";
import { firedWords, ranges, subjectOf, times } from "./words";
import classes from "./Policies.module.css";

const Chart = lazy(() => import("./RehearsalChart").then(({ RehearsalChart }) => ({ default: RehearsalChart })));

interface RehearsalPanelProps {
  /** Undefined while the server is asked. */
  preview: PolicyPreview | undefined;
  error: Error | null;
  range: string;
  onRange: (range: string) => void;
}

/** What was measured, when the policy would have fired, and how often. */
export function RehearsalPanel({ preview, error, range, onRange }: RehearsalPanelProps) {
  return (
    <div>
      <SegmentedControl size="xs" mb="sm" aria-label="How far back" data={ranges.map(({ value }) => value)} value={range} onChange={onRange} />
      <Rehearsed preview={preview} error={error} range={range} />
    </div>
  );
}

function Rehearsed({ preview, error, range }: Omit<RehearsalPanelProps, "onRange">) {
  if (error) {
    return (
      <Notice tone="red" icon={IconAlertTriangle} role="status">
        {asProblem(error).detail}
      </Notice>
    );
  }
  if (!preview) return <Skeleton height={240} />;
  const { rehearsal } = preview;
  return (
    <>
      {rehearsal && rehearsal.series.length > 0 && (
        <Suspense fallback={<Skeleton height={220} />}>
          <Chart rehearsal={rehearsal} threshold={preview.threshold} unit={preview.unit} />
        </Suspense>
      )}
      <div role="status">
        {rehearsal && <Text size="sm" fw={600} mt={6}>{firedWords(rehearsal, range)}</Text>}
        {preview.no_data.length > 0 && <NoData selectors={preview.no_data} />}
        {preview.warnings.map((warning) => (
          <Text key={warning} size="sm" c="var(--amber-text)" mt={4}>{warning}</Text>
        ))}
      </div>
      {rehearsal && <Legend rehearsal={rehearsal} />}
    </>
  );
}

function NoData({ selectors }: { selectors: string[] }) {
  return (
    <div style={{ marginTop: 8 }}>
      <Notice tone="blue" icon={IconDatabaseOff} title="No data now">
        Nothing is measured that matches {selectors.map((selector, index) => (
          <span key={selector}>{index > 0 && " and "}<code>{selector}</code></span>
        ))}. That does not mean that it is well: the policy would be shown as <em>No data</em>.
      </Notice>
    </div>
  );
}

/** Which line is which, and how often each would have fired. */
function Legend({ rehearsal }: { rehearsal: Rehearsal }) {
  return (
    <ul className={classes.legend} aria-label="Series">
      {rehearsal.series.map((series, index) => (
        <li key={JSON.stringify(series.labels)}>
          <LineKey place={index} />
          <span className="wrap-anywhere">{subjectOf(series.labels)}</span>
          {series.firing.length > 0 && <span className={classes.fired}>fired {times(series.firing.length)}</span>}
        </li>
      ))}
      {rehearsal.more > 0 && <li>and {rehearsal.more} more that are not drawn</li>}
    </ul>
  );
}
