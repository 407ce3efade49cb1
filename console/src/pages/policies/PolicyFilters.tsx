import type { Policy, PolicyCategory } from "../../api/types";
import { FilterChips } from "../../components/FilterChips";
import { FilterInput } from "../../components/FilterInput";
import { severityWord } from "../../components/severity";
import { stateWord } from "../../components/states";
import type { PoliciesSearch } from "../../paths";
import { countBy, filtered, policyStates, type Tab } from "./policy-list";
import { categoryWords } from "./words";

interface PolicyFiltersProps {
  /** All of the tab. */
  policies: Policy[];
  search: PoliciesSearch;
  tab: Tab;
  onChange: (patch: PoliciesSearch) => void;
}

const severities = ["critical", "error", "warning", "info"];

/** What narrows the list down; each filter counts what it would let through. */
export function PolicyFilters({ policies, search, tab, onChange }: PolicyFiltersProps) {
  const states = countBy(filtered(policies, search, "state"), ({ state }) => state);
  const categories = Object.keys(countBy(policies, ({ builtin }) => builtin?.category ?? "")).filter((category) => category !== "");
  return (
    <>
      <FilterInput label="Filter policies" value={search.q} onChange={(q) => onChange({ q })} />
      <FilterChips
        label="State"
        word={stateWord}
        options={policyStates}
        value={search.state}
        counts={states}
        onChange={(state) => onChange({ state })}
      />
      <FilterChips
        label="Severity"
        word={severityWord}
        options={severities}
        value={search.severity}
        counts={countBy(filtered(policies, search, "severity"), ({ severity }) => severity)}
        onChange={(severity) => onChange({ severity })}
      />
      {tab === "builtin" && (
        <FilterChips
          label="Category"
          word={(category) => categoryWords[category as PolicyCategory]}
          options={(Object.keys(categoryWords) as PolicyCategory[]).filter((category) => categories.includes(category))}
          value={search.category}
          counts={countBy(filtered(policies, search, "category"), ({ builtin }) => builtin?.category ?? "")}
          onChange={(category) => onChange({ category })}
        />
      )}
    </>
  );
}
