import { Skeleton, Stack, Text } from "@mantine/core";
import { IconChartLine, IconCopy, IconEdit, IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { policyQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { CodeBlock } from "../../components/CodeBlock";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Notice } from "../../components/Notice";
import { PageHeader } from "../../components/PageHeader";
import { Reasoned } from "../../components/Reasoned";
import { Section } from "../../components/Section";
import { paths } from "../../paths";
import { searchOf } from "../explore/question";
import { PolicyTimeline } from "../history/PolicyTimeline";
import { DeletePolicy } from "./DeletePolicy";
import { aboutFacts, messageFacts, stateFacts } from "./policy-facts";
import { PolicyAlerts } from "./PolicyAlerts";
import { PolicyHistory } from "./PolicyHistory";
import { PolicySwitch } from "./PolicySwitch";
import { ResetPolicy } from "./ResetPolicy";
import { RULE_FILE_REFUSAL, watched } from "./words";

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
      <PageHeader up={upFrom(policy.kind)} title={policy.name} lead={watched(policy)} actions={<Actions policy={policy} />} />
      <Stack gap="md">
        {policy.place && (
          <Notice tone="blue" icon={IconFileText}>
            This policy stands in the rule file <code>{policy.place.file}</code>, group {policy.place.group}: change it there. <Link {...paths.ruleFiles()}>See the rule files</Link>.
          </Notice>
        )}
        <Section title="Alerts now">
          <PolicyAlerts policy={policy} />
        </Section>
        <Section title="Rule" aside={<ButtonLink link={paths.explore(searchOf({ expr: policy.expr, tab: "graph" }))} variant="subtle" size="compact-sm" leftSection={<IconChartLine size={15} />}>Explore</ButtonLink>}>
          {policy.sentence && policy.description !== policy.sentence && policy.description !== "" && <Text size="sm" mb="sm">{policy.sentence}</Text>}
          <CodeBlock text={policy.expr} what="expression" />
          <div style={{ marginTop: 12 }}>
            <Facts facts={[...stateFacts(policy), ...aboutFacts(policy)]} />
          </div>
        </Section>
        <Section title="Timeline" lead="When each of its series was pending, and when it fired.">
          <PolicyTimeline id={policy.id} />
        </Section>
        <Section title="What it measured" lead="Red are the times at which it would have fired as it is now.">
          <PolicyHistory policy={policy} />
        </Section>
        <Section title="Message" lead="What is in double braces is filled in for each alert.">
          <Facts facts={messageFacts(policy)} />
        </Section>
      </Stack>
    </>
  );
}

/** The tab of the list in which the policy stands. */
function upFrom(kind: Policy["kind"]) {
  return { link: paths.policies({ tab: kind === "custom" ? undefined : kind }), name: "Policies" };
}

function Actions({ policy }: { policy: Policy }) {
  const viewerRefusal = useWriteRefusal();
  const refusal = viewerRefusal ?? (policy.kind === "rule_file" ? RULE_FILE_REFUSAL : null);
  return (
    <>
      {policy.kind !== "rule_file" && <PolicySwitch policy={policy} label="Enabled" />}
      <Reasoned reason={refusal}>
        <ButtonLink link={paths.editPolicy(policy.id)} variant="default" leftSection={<IconEdit size={16} />} disabled={refusal !== null}>
          Edit
        </ButtonLink>
      </Reasoned>
      <Reasoned reason={viewerRefusal}>
        <ButtonLink link={paths.newPolicy({ from: String(policy.id) })} variant="default" leftSection={<IconCopy size={16} />} disabled={viewerRefusal !== null}>
          Duplicate
        </ButtonLink>
      </Reasoned>
      {policy.kind === "custom" && <DeletePolicy policy={policy} refusal={refusal} />}
      {policy.kind === "builtin" && <ResetPolicy policy={policy} refusal={refusal} />}
    </>
  );
}
