import { Anchor, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { alertQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { statusQuery } from "../../api/status";
import type { Alert } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Labels } from "../../components/Labels";
import { matchersFor } from "../../components/matchers";
import { RelativeTime, Since, Until } from "../../components/RelativeTime";
import { Severity } from "../../components/severity";
import { SidePanel } from "../../components/SidePanel";
import { StateTag } from "../../components/states";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import { RunbookLink, useHasRunbook } from "../runbooks/RunbookLink";
import { AlertExpression, useAlertExpr } from "./AlertExpression";
import { AlertTrail } from "./AlertTrail";
import { Inhibitor } from "./Inhibitor";
import { SilenceButton, Silencers } from "./Silencers";
import { messageOf, origins, unless } from "./words";

/** One alert beside the list: what it says, its labels, and who was told. */
export default function AlertPage() {
  const { alertId } = useParams({ from: "/alerts/$alertId" });
  const search = useSearch({ from: "/alerts" });
  const navigate = useNavigate();
  const { data: alert, error, refetch } = useQuery(alertQuery(alertId));
  const close = () => void navigate({ ...paths.alerts(search), resetScroll: false });
  const title = alert ? messageOf(alert) : "Alert";
  return (
    <SidePanel title={title} name={title} onClose={close}>
      {alert && <Details alert={alert} />}
      {!alert && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!alert && !error && <Skeleton height={240} />}
    </SidePanel>
  );
}

function Details({ alert }: { alert: Alert }) {
  const hasRunbook = useHasRunbook(runbookOf(alert), alert.name);
  const expr = useAlertExpr(alert);
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <StateTag state={alert.state} />
        <Text size="sm" component="div">
          <Severity severity={alert.severity} />
        </Text>
        {alert.inhibited && <Tag tone="gray">Inhibited: not told for now</Tag>}
        {alert.silenced.length > 0 && <Tag tone="gray">Silenced: not told for now</Tag>}
        {alert.heartbeat && <Tag tone="gray">Heartbeat: shows that the pipeline lives, never sent</Tag>}
        {!alert.heartbeat && <SilenceButton alert={alert} />}
      </Group>
      {alert.details && (
        <Text size="sm" className="wrap-anywhere" style={{ whiteSpace: "pre-wrap" }}>
          {alert.details}
        </Text>
      )}
      <Facts
        facts={[
          ...factsOf(alert, expr !== null && <AlertExpression key="expression" alert={alert} expr={expr} />),
          ["Runbook", hasRunbook && <RunbookLink key="runbook" address={runbookOf(alert)} name={alert.name} />],
        ]}
      />
      <div>
        <PartTitle>Who is told</PartTitle>
        {alert.state === "pending" ? <Text size="sm" c="dimmed">Nobody yet: it is told when it fires.</Text> : <AlertTrail id={alert.id} />}
        <ByTheRoutes id={alert.id} />
      </div>
      <div>
        <PartTitle>Labels</PartTitle>
        <Labels labels={alert.labels} />
      </div>
      {Object.keys(alert.annotations).length > 0 && (
        <div>
          <PartTitle>Annotations</PartTitle>
          <Labels labels={alert.annotations} />
        </div>
      )}
    </Stack>
  );
}

/** The annotation by which Prometheus' rules name it by custom. */
function runbookOf(alert: Alert): string | undefined {
  return alert.annotations["runbook_url"];
}

function factsOf(alert: Alert, expression: ReactNode): [string, ReactNode][] {
  return [
    ["Target", alert.target],
    ["Value", alert.value_text ?? alert.value],
    ["Policy", alert.policy && <Link {...paths.policy(alert.policy.id)}>{alert.policy.name}</Link>],
    ["Alert name", alert.policy ? null : alert.name],
    ["Expression", expression],
    ["Inhibited by", alert.inhibited && <Inhibitor by={alert.inhibited} />],
    ["Silenced by", alert.silenced.length > 0 && <Silencers by={alert.silenced} />],
    ["Came from", origins[alert.origin]],
    [
      alert.state === "pending" ? "Pending since" : "Firing since",
      <RelativeTime key="since" at={alert.starts_at} />,
    ],
    ["Ends", alert.expires_at && <><Until at={alert.expires_at} /> {unless[alert.origin]}</>],
    ["Ended", alert.ends_at && <><RelativeTime at={alert.ends_at} />{alert.end_reason && `, ${alert.end_reason}`}</>],
    ["Last heard of", alert.state === "resolved" ? null : <><Since at={alert.updated_at} /> ago</>],
    ["History", <Link {...paths.history({ filter: matchersFor(alert.labels), period: "30d" })}>What it did before</Link>],
    [
      "Source",
      // A policy's leads to its expression, which stands above.
      !alert.policy && alert.generator_url && (
        <Anchor href={alert.generator_url} target="_blank" rel="noreferrer" size="sm">
          Open at its sender <IconExternalLink size={13} />
        </Anchor>
      ),
    ],
  ];
}

/** Where a file has routes, and one may look at them: which of them the alert takes. */
function ByTheRoutes({ id }: { id: string }) {
  const refusal = useWriteRefusal();
  const { data: status } = useQuery(statusQuery);
  if (refusal || !status?.has_route_file) return null;
  return (
    <Text size="sm" mt={10} mb={0}>
      <Link {...paths.routing({ alert: id })}>Which receivers hear this?</Link>
    </Text>
  );
}

function PartTitle({ children }: { children: string }) {
  return (
    <Text component="h3" size="sm" fw={650} mt={0} mb={8}>
      {children}
    </Text>
  );
}
