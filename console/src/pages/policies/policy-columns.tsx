import { Checkbox, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Policy } from "../../api/types";
import type { Column } from "../../components/DataTable";
import { Severity } from "../../components/severity";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import type { Tab } from "./policy-list";
import { PolicyHealth, PolicyState } from "./PolicyState";
import { PolicySwitch } from "./PolicySwitch";
import { alertWords, categoryWords, watched } from "./words";

/** What is chosen in the list, and how to choose. */
export interface Selecting {
  rows: Policy[];
  selected: ReadonlySet<number>;
  toggle: (id: number, isRange: boolean) => void;
  toggleAll: () => void;
}

/** The columns of the list. */
export function columnsFor(tab: Tab, selecting: Selecting): Column<Policy>[] {
  return [
    {
      header: "Selected", phone: "box", width: "44px", head: <SelectAll {...selecting} />,
      cell: (policy) => (
        <Checkbox
          size="xs"
          aria-label={`Select ${policy.name}`}
          checked={selecting.selected.has(policy.id)}
          onChange={(event) => selecting.toggle(policy.id, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      ),
    },
    { header: "Name", sort: "name", phone: "title", width: "24%", cell: (policy) => <PolicyName policy={policy} /> },
    { header: "State", sort: "state", phone: "plain", width: "104px", cell: (policy) => <PolicyState policy={policy} /> },
    { header: "Severity", sort: "severity", phone: "plain", width: "104px", cell: (policy) => <Severity severity={policy.severity} /> },
    { header: "Watches", phone: "plain", cell: (policy) => <Watches policy={policy} /> },
    { header: "Alerts", sort: "alerts", width: "96px", cell: (policy) => <Alerts policy={policy} /> },
    { header: "Last evaluation", sort: "evaluated", phone: "plain", width: "17%", cell: (policy) => <PolicyHealth policy={policy} /> },
    ...(tab === "rule_file" ? [] : [{ header: "Enabled", width: "84px", cell: (policy: Policy) => <PolicySwitch policy={policy} /> }]),
  ];
}

function SelectAll({ rows, selected, toggleAll }: Selecting) {
  const count = rows.filter(({ id }) => selected.has(id)).length;
  return (
    <Checkbox
      size="xs"
      aria-label="Select all"
      checked={count > 0 && count === rows.length}
      indeterminate={count > 0 && count < rows.length}
      disabled={rows.length === 0}
      onChange={toggleAll}
    />
  );
}

function PolicyName({ policy }: { policy: Policy }) {
  return (
    <>
      <Link {...paths.policy(policy.id)} data-row-link>
        {policy.name}
      </Link>
      {policy.alias && (
        <Text size="xs" c="dimmed" lineClamp={1} mt={2}>
          {policy.alias}
        </Text>
      )}
      <Group gap={4} mt={2}>
        {policy.builtin && <Text span size="xs" c="dimmed">{categoryWords[policy.builtin.category]}</Text>}
        {policy.builtin?.edited && <Tag tone="iris">Edited</Tag>}
        {policy.place && <Text span size="xs" c="dimmed">{policy.place.group}</Text>}
      </Group>
    </>
  );
}

/** What it watches in words, or its expression. */
function Watches({ policy }: { policy: Policy }) {
  const words = watched(policy);
  return (
    <Text span size="sm" className="two-lines" title={words || policy.expr}>
      {words || <code>{policy.expr}</code>}
    </Text>
  );
}

function Alerts({ policy }: { policy: Policy }) {
  const { firing, pending } = policy.alerts;
  if (firing + pending === 0) return <Text span size="sm" c="dimmed">None</Text>;
  return <>{alertWords(firing, pending)}</>;
}
