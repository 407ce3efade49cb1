import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Rule, RuleGroup as Group } from "../../api/types";
import { DataTable, type Column } from "../../components/DataTable";
import { RelativeTime } from "../../components/RelativeTime";
import { StateTag } from "../../components/states";
import { Tag } from "../../components/Tag";
import { durationWords, took } from "../../components/time";
import { paths } from "../../paths";
import { searchOf } from "../explore/question";
import classes from "./Platform.module.css";

/** A group: how its evaluations go, and its rules in order. */
export function RuleGroup({ group }: { group: Group }) {
  return (
    <div className={classes.group}>
      <h3>{group.name}</h3>
      <p className={classes.facts}>
        Every {durationWords(group.interval).replace(/^1 /, "")}
        {group.query_offset !== "0s" && `, ${durationWords(group.query_offset)} behind`}
        {group.limit > 0 && `, at most ${group.limit} of each rule`}
        {group.last_evaluation ? <>; evaluated <RelativeTime at={group.last_evaluation} /></> : "; not evaluated yet"}
        {group.duration_ms !== null && ` in ${took(group.duration_ms)}`}
        {group.missed > 0 && (
          <>
            . <span className={classes.late}>{group.missed === 1 ? "1 evaluation" : `${group.missed} evaluations`} missed</span>, for the one before was still running. Lengthen the interval or split the group.
          </>
        )}
      </p>
      <DataTable label={`Rules of ${group.name}`} columns={columns} rows={group.rules} rowKey={(rule) => `${rule.line} ${rule.name}`} tone={(rule) => (rule.state === "firing" ? "red" : "none")} empty={<Text size="sm" c="dimmed" p="md">None of its rules can be evaluated.</Text>} />
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
      <Link {...paths.explore(searchOf({ expr: rule.expr }))} className="two-lines wrap-anywhere" title={rule.expr}>
        <code>{rule.expr}</code>
      </Link>
      {rule.error && <Text size="xs" mt={2} className={classes.wrong}>{rule.error}</Text>}
    </>
  );
}

function State({ rule }: { rule: Rule }) {
  if (rule.kind === "alerting" && rule.state) {
    return <StateTag state={rule.state}>{rule.alerts.firing > 1 && <span className="tabular">{rule.alerts.firing}</span>}</StateTag>;
  }
  if (rule.error) return <StateTag state="error" />;
  return rule.kind === "recording" && rule.last_evaluation !== null ? <Tag tone="green">Recorded</Tag> : <Tag tone="gray">Waiting</Tag>;
}
