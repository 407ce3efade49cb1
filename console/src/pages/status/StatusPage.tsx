import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { asProblem } from "../../api/problem";
import { routingQuery } from "../../api/routing";
import { useWriteRefusal } from "../../api/session";
import { statusQuery } from "../../api/status";
import type { Status } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { duration } from "../../components/time";
import { paths } from "../../paths";

/** How Larum itself is: which one, for how long, whether it can write, and what its file says. */
export default function StatusPage() {
  const { data, error, refetch } = useQuery(statusQuery);
  return (
    <>
      <PageHeader title="Status" lead="How Larum itself is." />
      {data && (
        <Stack gap="md">
          <Section title="Larum">
            <Facts facts={factsOf(data)} />
          </Section>
          {data.has_route_file && <Configuration />}
        </Stack>
      )}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={320} radius="lg" />}
    </>
  );
}

function factsOf(status: Status): [string, ReactNode][] {
  const { storage, cluster } = status;
  return [
    ["Version", status.version],
    ["Running for", duration(status.uptime_seconds * 1000)],
    ["Host", status.hostname],
    ["Address in messages", status.external_url],
    ["Storage", <span key="storage"><Tag tone={storage.state === "ok" ? "green" : "red"}>{storage.state === "ok" ? "OK" : "Trouble"}</Tag> {storage.sentence ?? "What happens is written down."}</span>],
    ["Telling", <span key="told"><Tag tone={status.told.state === "ok" ? "green" : "amber"}>{status.told.state === "ok" ? "OK" : "Trouble"}</Tag> {status.told.sentence ?? "Messages go out."}</span>],
    ["Messages that wait", status.waiting_deliveries > 0 ? <Link key="waiting" {...paths.deliveries({ state: "waiting" })}>{status.waiting_deliveries}</Link> : "none"],
    ["Cluster", cluster ? <span key="cluster"><Tag tone="green">Ready</Tag> {cluster.name}, alone: Larum needs no second one to keep what it accepted</span> : "none"],
    ["API version", status.api_version],
  ];
}

/** What the file says, without secrets. */
function Configuration() {
  const refusal = useWriteRefusal();
  const { data, error, refetch } = useQuery({ ...routingQuery, enabled: refusal === null });
  const file = data?.file;
  if (refusal) return <Section title="Configuration">{refusal}</Section>;
  return (
    <Section title="Configuration" lead={file && <><code className="wrap-anywhere">{file.path}</code>, read <RelativeTime at={file.loaded_at} />. Without comments and secrets. <Link {...paths.routing()}>See its routes</Link></>}>
      {file && <CodeBlock text={file.text} what="configuration" />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} />}
    </Section>
  );
}
