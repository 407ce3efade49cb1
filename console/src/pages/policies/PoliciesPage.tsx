import { Group, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { policiesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { DataTable } from "../../components/DataTable";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { severityTone } from "../../components/severity";
import { paths, type PoliciesSearch } from "../../paths";
import { ImportPolicies } from "./ImportPolicies";
import { NewPolicy, NoPolicies } from "./NoPolicies";
import { filtered, selectedWith, sorted, tabOf, tabs, type Tab } from "./policy-list";
import { PolicyFilters } from "./PolicyFilters";
import { columnsFor } from "./policy-columns";
import { SelectedPolicies } from "./SelectedPolicies";
import { WrongRules } from "./WrongRules";

const tabWords: Record<Tab, string> = { custom: "Custom", builtin: "Built-in", rule_file: "Rule files" };

/** What is watched: custom policies, those that come with Larum, and those of rule files. */
export default function PoliciesPage() {
  const search = useSearch({ from: "/policies" });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(policiesQuery);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [last, setLast] = useState<number | null>(null);
  const tab = tabOf(search);
  const ofTab = data?.policies.filter(({ kind }) => kind === tab);
  const rows = ofTab && sorted(filtered(ofTab, search), search.sort ?? "name");
  const chosen = rows?.filter(({ id }) => selected.has(id)) ?? [];
  const change = (patch: PoliciesSearch) => void navigate({ ...paths.policies({ ...search, ...patch }), replace: true });
  const clear = () => setSelected(new Set());
  const goTo = (next: string | null) => {
    clear();
    void navigate(paths.policies({ tab: next === "custom" ? undefined : (next ?? undefined), q: search.q, sort: search.sort }));
  };
  const select = {
    rows: rows ?? [],
    selected,
    toggle: (id: number, isRange: boolean) => {
      setSelected(selectedWith(selected, rows ?? [], id, isRange ? last : null));
      setLast(id);
    },
    toggleAll: () => setSelected(new Set(chosen.length === rows?.length ? [] : rows?.map(({ id }) => id))),
  };
  return (
    <>
      <PageHeader
        title="Alerting policies"
        lead="A policy watches a metric and makes an alert when it stays beyond a threshold."
        actions={<><ImportPolicies /><NewPolicy /></>}
      />
      <Tabs value={tab} onChange={goTo} mb="md">
        <Tabs.List>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabWords[one]}
              {data && ` (${data.policies.filter(({ kind }) => kind === one).length})`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Group gap="sm" mb="md">
        <PolicyFilters policies={ofTab ?? []} search={search} tab={tab} onChange={change} />
      </Group>
      {tab === "rule_file" && <WrongRules />}
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={`${tabWords[tab]} policies`}
          columns={columnsFor(tab, select)}
          rows={rows}
          rowKey={(policy) => policy.id}
          tone={(policy) => (policy.state === "firing" || policy.state === "pending" ? severityTone(policy.severity) : "none")}
          isSelected={(policy) => selected.has(policy.id)}
          sorting={{ by: search.sort ?? "name", onSort: (sort) => change({ sort: sort === "name" ? undefined : sort }) }}
          empty={<NoPolicies tab={tab} isFiltered={Boolean(search.q ?? search.state ?? search.severity ?? search.category)} />}
        />
      )}
      {chosen.length > 0 && <SelectedPolicies policies={chosen} tab={tab} onClear={clear} />}
    </>
  );
}
