import { Group, Tabs, Text } from "@mantine/core";
import { IconFilterOff, IconListCheck, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { policiesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterInput } from "../../components/FilterInput";
import { PageHeader } from "../../components/PageHeader";
import { Reasoned } from "../../components/Reasoned";
import { Severity, severityTone } from "../../components/severity";
import { durationWords } from "../../components/time";
import { paths } from "../../paths";
import { PolicyHealth, PolicyState } from "./PolicyState";
import { PolicySwitch } from "./PolicySwitch";

const columns: Column<Policy>[] = [
  { header: "Name", phone: "title", cell: (policy) => <PolicyName policy={policy} /> },
  { header: "State", phone: "plain", width: "110px", cell: (policy) => <PolicyState policy={policy} /> },
  { header: "Severity", phone: "plain", width: "110px", cell: (policy) => <Severity severity={policy.severity} /> },
  { header: "Fires after", width: "110px", cell: (policy) => durationWords(policy.for) },
  { header: "Health", phone: "plain", width: "26%", cell: (policy) => <PolicyHealth policy={policy} /> },
  { header: "Enabled", width: "90px", cell: (policy) => <PolicySwitch policy={policy} /> },
];

/** What is watched: custom policies and those that come with Larum. */
export default function PoliciesPage() {
  const search = useSearch({ from: "/policies" });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(policiesQuery);
  const kind = search.tab === "builtin" ? "builtin" : "custom";
  const ofKind = (wanted: Policy["kind"]) => data?.policies.filter((policy) => policy.kind === wanted);
  const isSought = (policy: Policy) => policy.name.toLowerCase().includes((search.q ?? "").toLowerCase());
  const goTo = (tab: string | null) => void navigate(paths.policies({ ...search, tab: tab === "builtin" ? tab : undefined }));
  return (
    <>
      <PageHeader title="Policies" lead="A policy watches a metric and makes an alert when it stays beyond a threshold." actions={<NewPolicy />} />
      <Tabs value={kind} onChange={goTo} mb="md">
        <Tabs.List>
          <Tabs.Tab value="custom">Custom{countOf(ofKind("custom"))}</Tabs.Tab>
          <Tabs.Tab value="builtin">Built-in{countOf(ofKind("builtin"))}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <Group mb="md">
        <FilterInput label="Filter policies" value={search.q} onChange={(q) => void navigate({ ...paths.policies({ ...search, q }), replace: true })} />
      </Group>
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={kind === "custom" ? "Custom policies" : "Built-in policies"}
          columns={columns}
          rows={ofKind(kind)?.filter(isSought)}
          rowKey={(policy) => policy.id}
          tone={(policy) => (policy.state === "firing" || policy.state === "pending" ? severityTone(policy.severity) : "none")}
          empty={<NoPolicies isFiltered={Boolean(search.q)} />}
        />
      )}
    </>
  );
}

function countOf(policies: Policy[] | undefined): string {
  return policies ? ` (${policies.length})` : "";
}

function PolicyName({ policy }: { policy: Policy }) {
  return (
    <>
      <Link {...paths.policy(policy.id)} data-row-link>
        {policy.name}
      </Link>
      <Text size="xs" c="dimmed" lineClamp={1} mt={2}>
        {policy.description || policy.summary}
      </Text>
    </>
  );
}

function NewPolicy() {
  const refusal = useWriteRefusal();
  return (
    <Reasoned reason={refusal}>
      <ButtonLink link={paths.newPolicy()} leftSection={<IconPlus size={16} />} disabled={refusal !== null}>
        New policy
      </ButtonLink>
    </Reasoned>
  );
}

function NoPolicies({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState icon={IconFilterOff} title="No policy matches" action={<ButtonLink link={paths.policies()} variant="default">Clear the filter</ButtonLink>}>
        The filter looks at names. The other tab may have what you seek.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconListCheck} title="No custom policies yet" action={<NewPolicy />}>
      The built-in policies watch this machine already. Make your own for what matters to you in particular.
    </EmptyState>
  );
}
