import { Skeleton, Text } from "@mantine/core";

import { fieldErrorWithin, asProblem } from "../../api/problem";
import type { PolicyPreview as Preview } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";
import { Section } from "../../components/Section";
import { Tag, type Tone } from "../../components/Tag";
import { RehearsalPanel } from "./RehearsalPanel";
import { showValue } from "../../components/units";
import { subjectOf } from "./words";
import classes from "./Policies.module.css";

interface PolicyPreviewProps {
  /** Undefined while the server is asked; null while there is nothing to ask about. */
  preview: Preview | undefined | null;
  error: Error | null;
  range: string;
  onRange: (range: string) => void;
  /** Whether the expression is shown: not where it is typed. */
  showsExpr: boolean;
  /** What to do before there is anything to see. */
  nothingYet: string;
}

/** What the rule would have done, its expression, and for what it holds now; follows what is typed. */
export function PolicyPreview({ preview, error, range, onRange, showsExpr, nothingYet }: PolicyPreviewProps) {
  return (
    <div className={classes.preview}>
      <Section title="Preview">
        {preview === null || (isOfField(error) && !preview) ? (
          <Text size="sm" c="dimmed">{preview === null ? nothingYet : "The expression cannot be evaluated yet: see what is said about it."}</Text>
        ) : (
          <>
            {preview?.sentence && !error && <Text size="sm" mb="sm">{preview.sentence}</Text>}
            <RehearsalPanel preview={preview} error={isOfField(error) ? null : error} range={range} onRange={onRange} />
            {showsExpr && preview && <div style={{ marginTop: 14 }}><CodeBlock text={preview.expr} what="expression" /></div>}
            {preview ? <NowList preview={preview} /> : <Skeleton height={80} mt="sm" />}
          </>
        )}
      </Section>
    </div>
  );
}

/** What is wrong with an input stands at the input. */
function isOfField(error: Error | null): boolean {
  return error !== null && fieldErrorWithin(asProblem(error), "expr") !== null;
}

/** How many series are listed. */
const MOST_LISTED = 8;

/** For what it holds now, those first. */
function NowList({ preview }: { preview: Preview }) {
  const { series, threshold, unit, total } = preview;
  if (series.length === 0) return null;
  const limit = threshold?.value ?? null;
  const full = unit === "percent" ? 100 : 1.25 * Math.max(limit ?? 0, ...series.map(({ value }) => value ?? 0));
  return (
    <>
      <Text size="sm" fw={600} mt="md">Now</Text>
      <ul className={classes.series} aria-label="Series now">
        {series.slice(0, MOST_LISTED).map((one) => (
          <li key={JSON.stringify(one.labels)}>
            <span className="wrap-anywhere">{subjectOf(one.labels)}</span>
            <span className="tabular">{one.value === null ? "no number" : showValue(one.value, unit)}</span>
            <Tag tone={one.holds ? "red" : "green"}>{one.holds ? "Would fire" : "OK"}</Tag>
            {one.value !== null && limit !== null && <Meter value={one.value} threshold={limit} full={full} tone={one.holds ? "red" : "green"} />}
          </li>
        ))}
      </ul>
      {total > MOST_LISTED && <Text size="sm" c="dimmed" mt={4}>and {total - MOST_LISTED} more</Text>}
    </>
  );
}

/** How far a value is from the threshold, at a glance; `full` is the whole width. */
function Meter({ value, threshold, full, tone }: { value: number; threshold: number; full: number; tone: Tone }) {
  const share = (part: number) => `${Math.min(100, Math.max(0, (100 * part) / (full || 1)))}%`;
  return (
    <span className={classes.meter} data-tone={tone} aria-hidden>
      <span className={classes.filled} style={{ width: share(value) }} />
      <span className={classes.threshold} style={{ left: share(threshold) }} />
    </span>
  );
}
