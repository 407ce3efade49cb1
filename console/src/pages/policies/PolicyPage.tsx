import { Skeleton, Stack, Text } from "@mantine/core";
import { IconEdit } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { policyQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { CodeBlock } from "../../components/CodeBlock";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { PageHeader } from "../../components/PageHeader";
import { Reasoned } from "../../components/Reasoned";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { Severity } from "../../components/severity";
import { durationWords } from "../../components/time";
import { paths } from "../../paths";
import { DeletePolicy } from "./DeletePolicy";
import { PolicyAlerts } from "./PolicyAlerts";
import { PolicyHealth, PolicyState } from "./PolicyState";
import { PolicySwitch } from "./PolicySwitch";
import { BUILTIN_REFUSAL, noDataSentence } from "./words";

/** One policy: what it watches, how it is, and its alerts. */
export default function PolicyPage() {
  const { policyId } = useParams({ from: "/policies/$policyId" });
  const { data: policy, error, refetch } = useQuery(policyQuery(Number(policyId)));
  if (!policy) {
    return (
      <>
        <PageHeader title="Policy" up={upFrom("custom")} />
        {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : <Skeleton height={320} radius="lg" />}
      </>
    );
  }
  return (
    <>
      <PageHeader up={upFrom(policy.kind)} title={policy.name} lead={policy.description} actions={<Actions policy={policy} />} />
      <Stack gap="md">
        <Section title="Alerts now">
          <PolicyAlerts policy={policy} />
        </Section>
        <Section title="Rule">
          <CodeBlock text={policy.expr} what="expression" />
          <div style={{ marginTop: 12 }}>
            <Facts facts={factsOf(policy)} />
          </div>
        </Section>
        <Section title="Message" lead="What is in double braces is filled in for each alert.">
          <Facts
            facts={[
              ["Summary", policy.summary],
              ["Details", policy.details],
              ["Runbook", policy.runbook && <a href={policy.runbook} target="_blank" rel="noreferrer">{policy.runbook}</a>],
            ]}
          />
        </Section>
      </Stack>
    </>
  );
}

/** The tab of the list in which the policy stands. */
function upFrom(kind: Policy["kind"]) {
  return { link: paths.policies({ tab: kind === "builtin" ? kind : undefined }), name: "Policies" };
}

function factsOf(policy: Policy): [string, ReactNode][] {
  return [
    ["State", <PolicyState key="state" policy={policy} />],
    ["Health", <PolicyHealth key="health" policy={policy} />],
    ["Evaluation took", policy.health.duration_ms === null ? null : tookWords(policy.health.duration_ms)],
    ["Severity", <Severity key="severity" severity={policy.severity} />],
    ["Fires after", durationWords(policy.for)],
    ["Without data", noDataSentence(policy.no_data_hold)],
    ["Changed", <Text key="changed" span size="sm"><RelativeTime at={policy.updated_at} /> by {policy.updated_by}</Text>],
  ];
}

function tookWords(milliseconds: number): string {
  return milliseconds < 0.1 ? "less than 0.1 ms" : `${milliseconds.toFixed(1)} ms`;
}

function Actions({ policy }: { policy: Policy }) {
  const viewerRefusal = useWriteRefusal();
  const refusal = viewerRefusal ?? (policy.kind === "builtin" ? BUILTIN_REFUSAL : null);
  return (
    <>
      <PolicySwitch policy={policy} label="Enabled" />
      <Reasoned reason={refusal}>
        <ButtonLink link={paths.editPolicy(policy.id)} variant="default" leftSection={<IconEdit size={16} />} disabled={refusal !== null}>
          Edit
        </ButtonLink>
      </Reasoned>
      <DeletePolicy policy={policy} refusal={refusal} />
    </>
  );
}
