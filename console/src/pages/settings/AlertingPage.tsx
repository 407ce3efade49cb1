import { Button, List, Skeleton, Stack, Text } from "@mantine/core";
import { IconBellOff, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { alertingQuery, useSwitchAlerting } from "../../api/alerting";
import { asProblem, conflictOf } from "../../api/problem";
import type { Alerting } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorState } from "../../components/ErrorState";
import { FormProblem } from "../../components/FormProblem";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { endWords, flowWords } from "./alerting-words";

/** The switch of alerting as a whole: whether policies speak at all. */
export default function AlertingPage() {
  const { data, error, refetch } = useQuery(alertingQuery);
  return (
    <>
      <PageHeader title="Alerting" lead="One switch for all policies, for example while the metrics are down for maintenance." />
      {data && <Switch alerting={data} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} radius="lg" />}
    </>
  );
}

function Switch({ alerting }: { alerting: Alerting }) {
  const [asks, setAsks] = useState(false);
  const change = useSwitchAlerting();
  const problem = change.error ? asProblem(change.error) : null;
  const conflict = conflictOf<Alerting>(problem);
  const to = (enabled: boolean) =>
    change.mutate(
      { enabled, version: (conflict ?? alerting).version },
      {
        onSuccess: () => {
          setAsks(false);
          toastDone(enabled ? "Alerting is on: every policy is evaluated at once." : "Alerting is off: the alerts of policies have ended.");
        },
      },
    );
  const close = () => {
    setAsks(false);
    change.reset();
  };
  return (
    <Section
      title={alerting.enabled ? "Alerting is on" : "Alerting is off"}
      lead={alerting.updated_at ? <>Switched {alerting.enabled ? "on" : "off"} <RelativeTime at={alerting.updated_at} /> by {alerting.updated_by}.</> : "It has never been switched off."}
      aside={alerting.enabled ? <IconCircleCheck size={26} color="var(--green)" aria-hidden /> : <IconBellOff size={26} color="var(--amber)" aria-hidden />}
    >
      <Stack gap="md" align="flex-start">
        {alerting.enabled ? <WhatOffDoes alerting={alerting} /> : <WhatIsOff alerting={alerting} />}
        {alerting.enabled ? (
          <Button color="red" variant="light" onClick={() => setAsks(true)}>
            Switch alerting off…
          </Button>
        ) : (
          <Button loading={change.isPending} onClick={() => to(true)}>
            Switch alerting on
          </Button>
        )}
        {!asks && problem && <FormProblem problem={problem} />}
      </Stack>
      <ConfirmDialog opened={asks} title="Switch alerting off?" confirm="Switch off" pending={change.isPending} error={change.error} onConfirm={() => to(false)} onClose={close}>
        <Stack gap="xs">
          <Text size="sm">{endWords(alerting)}</Text>
          <Text size="sm">No policy is evaluated until somebody switches alerting on again. Watchdog, the heartbeat of Larum&apos;s own policies, is one of them.</Text>
          <Text size="sm">{flowWords(alerting)}</Text>
        </Stack>
      </ConfirmDialog>
    </Section>
  );
}

function WhatOffDoes({ alerting }: { alerting: Alerting }) {
  return (
    <>
      <Text size="sm">While it is off:</Text>
      <List size="sm" spacing={4} withPadding={false}>
        <List.Item>No policy is evaluated, be it custom, built-in or of a rule file. Recording rules are.</List.Item>
        <List.Item>Alerts of policies end as <em>alerting off</em>. Whoever was told of them is told that once.</List.Item>
        <List.Item>Alerts from Prometheus and Alertmanager go on, and are told as always.</List.Item>
        <List.Item>Larum&apos;s alerts about itself, such as a full disk, are told as always.</List.Item>
      </List>
      <Text size="sm" c="dimmed">
        {endWords(alerting)} <Link {...paths.alerts()}>See the alerts</Link>. To switch off less, disable single <Link {...paths.policies()}>policies</Link>.
      </Text>
    </>
  );
}

function WhatIsOff({ alerting }: { alerting: Alerting }) {
  return (
    <Text size="sm">
      No policy is evaluated, so nothing that policies watch for is noticed. {flowWords(alerting)} Switched on, every policy is evaluated at once, and its
      condition has to hold for the whole of its duration again before it fires.
    </Text>
  );
}
