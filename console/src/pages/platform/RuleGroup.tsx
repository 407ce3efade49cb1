import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Rule, RuleGroup as Group } from "../../api/types";
import { DataTable, type Column } from "../../components/DataTable";
import { RelativeTime } from "../../components/RelativeTime";
import { Tag, type Tone } from "../../components/Tag";
import { durationWords } from "../../components/time";
import { paths } from "../../paths";
import { took } from "./numbers";
import classes from "./Platform.module.css";

/** A group: how its evaluations go, and its rules in order. */
export function RuleGroup({ group }: { group: Group }) {
  return (
    <div className={classes.group}>
      <h3>{group.name}</h3>
      <p className={classes.facts}>
        Every {durationWords(group.interval)}
        {group.query_offset !== "0s" && `, ${durationWords(group.query_offset)} behind`}
        {group.limit > 0 && `, at most ${group.limit} of each rule`}
        {group.last_evaluation ? <>; evaluated <RelativeTime at={group.last_evaluation} /></> : "; not evaluated yet"}
        {group.duration_ms !== null && ` in ${took(group.duration_ms)}`}
        {group.missed > 0 && (
          <>
            . <span className={classes.late}>{group.missed} evaluations missed</span>: the one before still went on. Lengthen the interval or split the group.
          </>
        )}
      </p>
      <DataTable label={`Rules of ${group.name}`} columns={columns} rows={group.rules} rowKey={(rule) => `${rule.line} ${rule.name}`} tone={(rule) => (rule.state === "firing" ? "red" : "none")} empty="This group has no sound rules." />
    </div>
  );
}

const columns: Column<Rule>[] = [
  { header: "Rule", phone: "title", width: "26%", cell: (rule) => <Name rule={rule} /> },
  { header: "State", phone: "plain", width: "110px", cell: (rule) => <State rule={rule} /> },
  { header: "Expression", phone: "plain", cell: (rule) => <Expression rule={rule} /> },
  { header: "Evaluated", width: "120px", cell: ({ last_evaluation }) => (last_evaluation ? <RelativeTime at={last_evaluation} /> : "not yet") },
  { header: "Took", width: "90px", cell: ({ duration_ms }) => duration_ms !== null && took(duration_ms) },
];

function Name({ rule }: { rule: Rule }) {
  return (
    <span className="wrap-anywhere">
      {rule.policy === null ? rule.name : <Link {...paths.policy(rule.policy)}>{rule.name}</Link>}
      <Text size="xs" c="dimmed">
        {rule.kind === "recording" ? "recording rule" : "alerting rule"}, line {rule.line}
      </Text>
    </span>
  );
}

function Expression({ rule }: { rule: Rule }) {
  return (
    <>
      <code className="two-lines wrap-anywhere" title={rule.expr}>{rule.expr}</code>
      {rule.error && <Text size="xs" mt={2} className={classes.wrong}>{rule.error}</Text>}
    </>
  );
}

const states: Partial<Record<NonNullable<Rule["state"]>, [Tone, string]>> = {
  firing: ["red", "Firing"],
  pending: ["amber", "Pending"],
  inactive: ["green", "Inactive"],
  no_data: ["gray", "No data"],
  error: ["red", "Error"],
  disabled: ["gray", "Disabled"],
};

function State({ rule }: { rule: Rule }) {
  if (rule.kind === "recording") {
    if (rule.last_evaluation === null) return <Tag tone="gray">Waiting</Tag>;
    return rule.error ? <Tag tone="red">Error</Tag> : <Tag tone="green">Recorded</Tag>;
  }
  const [tone, word] = (rule.state && states[rule.state]) ?? ["gray", "Waiting"];
  return <Tag tone={tone}>{rule.alerts.firing > 1 ? `${word} (${rule.alerts.firing})` : word}</Tag>;
}
