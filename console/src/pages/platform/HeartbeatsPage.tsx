import { Skeleton, Stack, Text } from "@mantine/core";
import { IconHeartBroken, IconHeartbeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { heartbeatsQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import { useIsAlertmanager } from "../../api/session";
import type { Heartbeat, Heartbeats } from "../../api/types";
import { siteAddress } from "../../base";
import { CodeBlock } from "../../components/CodeBlock";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Labels } from "../../components/Labels";
import { Notice } from "../../components/Notice";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime, Since, Until } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { Tag, type Tone } from "../../components/Tag";
import { paths } from "../../paths";
import classes from "./Platform.module.css";

/** What always fires, and what no longer does: the view for whoever has to notice that an alerting pipeline is dead. */
export default function HeartbeatsPage() {
  const { data, error, refetch } = useQuery(heartbeatsQuery);
  return (
    <>
      <PageHeader title="Heartbeats" lead="Alerts that always fire, such as Watchdog: as long as they beat, rules are evaluated and their alerts reach Larum. They are told only where a route of a file leads them." />
      <Stack gap="md">
        {data && <Beats heartbeats={data} />}
        {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={200} radius="lg" />}
        <Outside />
      </Stack>
    </>
  );
}

function Beats({ heartbeats: { heartbeats, shown_for_days: days } }: { heartbeats: Heartbeats }) {
  const stopped = heartbeats.filter(({ state }) => state === "stopped");
  return (
    <>
      {stopped.length > 0 && (
        <Notice tone="red" icon={IconHeartBroken} role="status" title={stopped.length === 1 ? "A heartbeat has stopped" : `${stopped.length} heartbeats have stopped`}>
          What a heartbeat stands for can fail without anybody being told. Below it stands what to look at.
        </Notice>
      )}
      <DataTable
        label="Heartbeats"
        columns={columns}
        rows={heartbeats}
        rowKey={(beat) => `${beat.origin} ${beat.policy?.id ?? ""} ${JSON.stringify(beat.labels)}`}
        tone={({ state }) => (state === "stopped" ? "red" : "none")}
        empty={<EmptyState icon={IconHeartbeat} title="No heartbeats">Enable the built-in policy Watchdog, or let Prometheus send an alert of severity none.</EmptyState>}
      />
      <Text size="sm" c="dimmed">A heartbeat that has stopped is shown for {days} days.</Text>
    </>
  );
}

const states: Record<Heartbeat["state"], [Tone, string]> = {
  beating: ["green", "Beating"],
  stopped: ["red", "Stopped"],
  off: ["gray", "Off"],
  never: ["amber", "Not heard"],
};

const doors: Record<Heartbeat["origin"], string> = { policy: "Larum's policy", prometheus: "Prometheus", alertmanager: "Alertmanager" };

const columns: Column<Heartbeat>[] = [
  { header: "Heartbeat", phone: "title", cell: (beat) => <Name beat={beat} /> },
  { header: "State", phone: "plain", width: "110px", cell: ({ state }) => <Tag tone={states[state][0]}>{states[state][1]}</Tag> },
  { header: "From", width: "15%", cell: (beat) => (beat.policy ? <Link {...paths.policy(beat.policy.id)}>{doors[beat.origin]}</Link> : doors[beat.origin]) },
  { header: "Beats for", width: "120px", cell: ({ state, since }) => since && state === "beating" && <Since at={since} /> },
  { header: "Last beat", width: "130px", cell: ({ last_beat }) => last_beat && <RelativeTime at={last_beat} /> },
  { header: "Stops", width: "140px", cell: (beat) => <Stops beat={beat} /> },
];

function Name({ beat }: { beat: Heartbeat }) {
  return (
    <>
      {beat.alert ? <Link {...paths.alert(beat.alert)}>{beat.name}</Link> : beat.name}
      <Text size="xs" c={beat.state === "stopped" ? undefined : "dimmed"} mt={2} {...(beat.state === "stopped" ? { className: classes.wrong } : {})}>
        {beat.sentence}
      </Text>
      {Object.keys(beat.labels).length > 0 && (
        <details className={classes.more}>
          <summary>Labels</summary>
          <Labels labels={beat.labels} />
        </details>
      )}
    </>
  );
}

function Stops({ beat }: { beat: Heartbeat }) {
  if (beat.stopped_at) return <RelativeTime at={beat.stopped_at} />;
  if (beat.expires_at) return <><Until at={beat.expires_at} /> unless it beats</>;
  return null;
}

/** The shell script of a watcher outside: it tells a dead-man service only while all is well. */
function script(address: string, logsIn: boolean): string {
  const token = logsIn ? " TOKEN is a service token of the role viewer." : "";
  const login = logsIn ? '-H "Authorization: Bearer $TOKEN" ' : "";
  return `#!/bin/sh
# Every minute, on another machine than Larum's.${token}
curl -fsS ${address}/-/ready >/dev/null &&
curl -fsS ${login}${address}/api/larum/v1/heartbeats |
  jq -e 'all(.heartbeats[]; .state != "stopped" and .state != "never")' >/dev/null &&
curl -fsS https://dead-man.example/ping/ID`;
}

function Outside() {
  const logsIn = !useIsAlertmanager();
  return (
    <Section title="Who watches Larum?" lead="A heartbeat shows that the way to Larum works. That Larum itself works has to be watched from outside.">
      <Text size="sm" mb="sm">
        <code>/-/ready</code> answers 200 while Larum takes alerts in and can write them down{logsIn && "; it needs no login"}. The API says which heartbeats have
        stopped. Let a script on another machine ask both and, only if all is well, call a dead-man service: it raises the alarm when the calls stay away, by a
        way that does not lead through Larum.
      </Text>
      <CodeBlock text={script(siteAddress(), logsIn)} what="script" />
    </Section>
  );
}
