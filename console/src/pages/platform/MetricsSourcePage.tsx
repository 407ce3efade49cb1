import { Skeleton, Stack } from "@mantine/core";
import { IconAlertTriangle, IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { metricsSourceQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import type { MetricsSource, SourceHealth } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Notice } from "../../components/Notice";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { Dotted } from "../../components/Tag";
import { SeriesStore } from "./SeriesStore";
import { Targets } from "./Targets";

/** Where metrics come from, how that does, and what Larum scrapes itself. */
export default function MetricsSourcePage() {
  const { data, error, refetch } = useQuery(metricsSourceQuery);
  return (
    <>
      <PageHeader title="Metrics source" lead={data && leads[data.kind]} />
      {data && <Source source={data} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius="lg" />}
    </>
  );
}

const leads: Record<MetricsSource["kind"], string> = {
  embedded: "Larum collects this host's metrics and scrapes targets itself, and keeps the series in memory.",
  prometheus: "Policies are evaluated by a Prometheus-compatible server.",
};

function Source({ source }: { source: MetricsSource }) {
  const { health, server, store } = source;
  return (
    <Stack gap="md">
      <Health health={health} kind={source.kind} />
      {server && (
        <Section title="Server">
          <Facts
            facts={[
              ["Address", <a key="address" href={server.url} target="_blank" rel="noreferrer">{server.url}</a>],
              ["Program", server.product ? `${server.product} ${server.version ?? ""}` : "Unknown: the server does not say."],
              ["Last answer", health.last_success && <RelativeTime at={health.last_success} />],
              ["Round trip", server.round_trip_ms !== null && `${server.round_trip_ms.toFixed(0)} ms`],
              ["Queries", `${server.in_flight} in flight, ${server.waiting} waiting`],
            ]}
          />
        </Section>
      )}
      {store && <SeriesStore store={store} lastSuccess={health.last_success} />}
      {source.kind === "embedded" && <Targets source={source} />}
    </Stack>
  );
}

const well: Record<MetricsSource["kind"], string> = { embedded: "This host's metrics are collected.", prometheus: "The server answers." };

/** In words: how it does, since when, and what to do. */
function Health({ health, kind }: { health: SourceHealth; kind: MetricsSource["kind"] }) {
  if (health.state === "ok") {
    return <Dotted tone="green">{well[kind]}</Dotted>;
  }
  if (health.state === "unknown") {
    return <Notice tone="blue" icon={IconClock}>Nothing has been queried or collected yet.</Notice>;
  }
  return (
    <Notice tone="red" icon={IconAlertTriangle} role="status" title="Policies cannot be evaluated as they should">
      <p style={{ margin: "4px 0" }}>{health.error}</p>
      <p style={{ margin: "4px 0" }}>{health.advice}</p>
      {health.since && (
        <p style={{ margin: "4px 0" }}>
          It began <RelativeTime at={health.since} />
          {health.failures > 1 && `, with ${health.failures} failures in a row`}. Until it answers no policy changes its state, and what fires keeps firing.
        </p>
      )}
    </Notice>
  );
}
