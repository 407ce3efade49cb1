import { Group, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { policiesQuery } from "../../api/policies";
import { useIsAlertmanager } from "../../api/session";
import { FilterChips } from "../../components/FilterChips";
import { FilterInput } from "../../components/FilterInput";
import { MomentInput } from "../../components/MomentInput";
import { stateWord } from "../../components/states";
import type { HistorySearch } from "../../paths";
import { periodNamed, periods, periodWords, sentStates, states } from "./words";

interface HistoryFiltersProps {
  search: HistorySearch;
  counts: Record<string, number> | undefined;
  /** What is wrong with the matchers, if anything. */
  refusal: string | null;
  onChange: (patch: HistorySearch) => void;
}

/** Chooses what of the history is listed: labels, a policy, states, a time. */
export function HistoryFilters({ search, counts, refusal, onChange }: HistoryFiltersProps) {
  const isAlertmanager = useIsAlertmanager();
  const { data } = useQuery({ ...policiesQuery, enabled: !isAlertmanager });
  const isCustom = search.from !== undefined || search.to !== undefined;
  const choose = (period: string) => {
    if (period !== "custom") return onChange({ period, from: undefined, to: undefined });
    const now = Date.now();
    onChange({ period: undefined, from: new Date(now - periods[periodNamed(search.period)]).toISOString(), to: new Date(now).toISOString() });
  };
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-start">
        <FilterInput
          label='Labels: node="web-1", severity=~"c.*"'
          value={search.filter}
          error={refusal}
          w={{ base: "100%", sm: 320 }}
          onChange={(filter) => onChange({ filter })}
        />
        <FilterInput label="Text" data-filter={undefined} value={search.q} w={{ base: "100%", sm: 180 }} rightSection={null} onChange={(q) => onChange({ q })} />
        {!isAlertmanager && (
          <Select
            aria-label="Policy"
            placeholder="Any policy"
            searchable
            clearable
            w={{ base: "100%", sm: 240 }}
            nothingFoundMessage="There is no such policy"
            data={(data?.policies ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={search.policy ?? null}
            onChange={(policy) => onChange({ policy: policy ?? undefined })}
          />
        )}
      </Group>
      <Group gap="sm" mb="sm">
        <SegmentedControl
          aria-label="Time"
          size="xs"
          data={[...periodWords, { value: "custom", label: "Custom" }]}
          value={isCustom ? "custom" : periodNamed(search.period)}
          onChange={choose}
        />
        {isCustom && (
          <>
            <MomentInput label="From" at={timeOf(search.from)} onChange={(from) => onChange({ from: new Date(from).toISOString() })} />
            <MomentInput label="To" at={timeOf(search.to)} onChange={(to) => onChange({ to: new Date(to).toISOString() })} />
          </>
        )}
      </Group>
      <Group mb="md">
        <FilterChips label="State" options={isAlertmanager ? sentStates : states} value={search.state} counts={counts} word={stateWord} onChange={(state) => onChange({ state })} />
      </Group>
    </>
  );
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}
