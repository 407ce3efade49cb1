import { Text } from "@mantine/core";
import type { ReactNode } from "react";

import type { Policy } from "../../api/types";
import { Labels } from "../../components/Labels";
import { RelativeTime } from "../../components/RelativeTime";
import { capitalised, Severity } from "../../components/severity";
import { durationWords, took } from "../../components/time";
import { RunbookLink } from "../runbooks/RunbookLink";
import { PolicyHealth, PolicyState } from "./PolicyState";
import { showValue } from "../../components/units";
import { categoryWords, noDataSentence } from "./words";

type Fact = [name: string, value: ReactNode];

/** How a policy stands and how it is evaluated. */
export function stateFacts(policy: Policy): Fact[] {
  const threshold = policy.builtin?.threshold;
  return [
    ["State", <PolicyState key="state" policy={policy} />],
    ["Health", <PolicyHealth key="health" policy={policy} />],
    ["Evaluation took", policy.health.duration_ms === null ? null : took(policy.health.duration_ms)],
    ["Severity", <Changed key="severity" comes={policy.builtin?.default.severity} is={policy.severity}><Severity severity={policy.severity} /></Changed>],
    [
      "Threshold",
      threshold && (
        <Changed comes={showValue(threshold.default, threshold.unit)} is={showValue(threshold.value, threshold.unit)}>
          {threshold.comparator} {showValue(threshold.value, threshold.unit)}
        </Changed>
      ),
    ],
    ["Fires after", <Changed key="for" comes={policy.builtin?.default.for} is={policy.for}>{capitalised(durationWords(policy.for))}</Changed>],
    ["Keeps firing", policy.keep_firing_for === "0s" ? null : `For ${durationWords(policy.keep_firing_for)} after its condition holds no more`],
    ["Without data", policy.kind === "rule_file" ? null : noDataSentence(policy.no_data_hold)],
  ];
}

/** Where a policy belongs and who changed it last. */
export function aboutFacts(policy: Policy): Fact[] {
  const isAsItComes = policy.builtin?.edited === false;
  return [
    ["Alias", policy.alias],
    ["Category", policy.builtin && categoryWords[policy.builtin.category]],
    ["Rule file", policy.place?.file],
    ["Group", policy.place?.group],
    ["Changed", isAsItComes ? "Never: it is as it comes with Larum" : <Text key="changed" span size="sm"><RelativeTime at={policy.updated_at} /> by {policy.updated_by}</Text>],
  ];
}

/** What the alerts of a policy say. */
export function messageFacts(policy: Policy): Fact[] {
  return [
    ["Summary", policy.summary],
    ["Details", policy.details],
    ["Runbook", policy.runbook && <RunbookLink key="runbook" address={policy.runbook} name={policy.name} />],
    ["Labels", Object.keys(policy.labels).length > 0 && <Labels labels={policy.labels} />],
    ["Annotations", Object.keys(policy.annotations).length > 0 && <Labels labels={policy.annotations} />],
  ];
}

/** A value, and how it comes with Larum where somebody has changed it. */
function Changed({ comes, is, children }: { comes: string | undefined; is: string; children: ReactNode }) {
  if (comes === undefined || comes === is) return <>{children}</>;
  return <>{children} <Text span size="sm" c="dimmed">(default {comes})</Text></>;
}
