import { Skeleton, Text } from "@mantine/core";

import { asProblem } from "../../api/problem";
import type { PolicyPreview as Preview } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";
import { Section } from "../../components/Section";
import { Tag, type Tone } from "../../components/Tag";
import classes from "./Policies.module.css";

interface PolicyPreviewProps {
  /** Undefined while the server is asked; null while the threshold is no number. */
  preview: Preview | undefined | null;
  error: Error | null;
  unit: string;
  /** What the values are compared with. */
  threshold: number | null;
}

/** The expression, and for which nodes it holds now; follows what is typed. */
export function PolicyPreview(props: PolicyPreviewProps) {
  return (
    <div className={classes.preview}>
      <Section title="Now">
        <Evaluated {...props} />
      </Section>
    </div>
  );
}

function Evaluated({ preview: data, error, unit, threshold }: PolicyPreviewProps) {
  if (data === null) return <Text size="sm" c="dimmed">Enter a threshold to see for which nodes it holds now.</Text>;
  if (error) return <Text size="sm" c="var(--mantine-color-error)">{asProblem(error).detail}</Text>;
  if (!data) return <Skeleton height={140} />;
  const full = unit === "%" ? 100 : 1.25 * Math.max(threshold ?? 0, ...data.series.map(({ value }) => value ?? 0));
  return (
    <div role="status">
      <Text size="sm" fw={600} mb="sm">
        {data.sentence}
      </Text>
      <CodeBlock text={data.expr} what="expression" />
      {data.series.length === 0 ? (
        <Text size="sm" c="dimmed" mt="sm">
          Nothing is measured for this yet: the policy would have no data.
        </Text>
      ) : (
        <ul className={classes.series} aria-label="Nodes now">
          {data.series.map((series) => (
            <li key={JSON.stringify(series.labels)}>
              <span className="wrap-anywhere">{subjectOf(series.labels)}</span>
              <span className="tabular">
                {series.value === null ? "no number" : `${rounded(series.value)} ${unit}`}
              </span>
              <Tag tone={series.holds ? "red" : "green"}>{series.holds ? "Would fire" : "Fine"}</Tag>
              {series.value !== null && threshold !== null && (
                <Meter value={series.value} threshold={threshold} full={full} tone={series.holds ? "red" : "green"} />
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** How far a value is from the threshold, at a glance; `full` is the whole width. */
function Meter({ value, threshold, full, tone }: { value: number; threshold: number; full: number; tone: Tone }) {
  const share = (part: number) => `${Math.min(100, Math.max(0, (100 * part) / full))}%`;
  return (
    <span className={classes.meter} data-tone={tone} aria-hidden>
      <span className={classes.filled} style={{ width: share(value) }} />
      <span className={classes.threshold} style={{ left: share(threshold) }} />
    </span>
  );
}

/** The node and what distinguishes its series, such as a mount point. */
function subjectOf(labels: Record<string, string>): string {
  const rest = Object.entries(labels).filter(([name]) => !["__name__", "node", "instance", "job"].includes(name));
  const subject = labels["node"] ?? labels["instance"] ?? "";
  return [subject, ...rest.map(([, value]) => value)].filter((part) => part !== "").join(" · ") || "the whole system";
}

/** Three significant digits are enough to compare with a threshold; whole numbers stay whole. */
function rounded(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
