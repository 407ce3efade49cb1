import { Progress, Text } from "@mantine/core";

import type { MetricsSource } from "../../api/types";
import { Facts } from "../../components/Facts";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { durationWords } from "../../components/time";
import { grouped, showValue } from "../../components/units";

interface SeriesStoreProps {
  store: NonNullable<MetricsSource["store"]>;
  lastSuccess: string | null;
}

/** The series in Larum's memory: how full it is, and what did not stay. */
export function SeriesStore({ store, lastSuccess }: SeriesStoreProps) {
  const used = store.most_bytes === 0 ? 0 : (100 * store.bytes) / store.most_bytes;
  const words = `${showValue(store.bytes, "bytes")} of ${showValue(store.most_bytes, "bytes")}`;
  return (
    <Section title="Series in memory">
      <Progress value={used} size="lg" color={used > 90 ? "red" : used > 75 ? "yellow" : "green"} aria-label={`Memory for series: ${words}`} />
      <Text size="sm" mt={6} mb="sm" className="tabular">
        {words}, {used.toFixed(used < 10 ? 1 : 0)} %{used > 75 && ". Near the limit the oldest samples go first: raise --metrics.retention-size, or keep less."}
      </Text>
      <Facts
        facts={[
          ["Series", grouped(store.series)],
          ["Kept for", <>{durationWords(store.retention)} (<code>--metrics.retention-time</code>)</>],
          ["Samples", `${grouped(store.samples)} since the start`],
          ["Collected", lastSuccess && <RelativeTime at={lastSuccess} />],
          ["Not kept", store.lost.length === 0 ? "No sample was refused or dropped early." : <Lost lost={store.lost} />],
        ]}
      />
    </Section>
  );
}

function Lost({ lost }: Pick<SeriesStoreProps["store"], "lost">) {
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {lost.map(({ reason, sentence, samples }) => (
        <li key={reason}>
          <span className="tabular">{grouped(samples)}</span> samples: {sentence}
        </li>
      ))}
    </ul>
  );
}
