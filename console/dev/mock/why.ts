/** Who was told of an alert, when, where, and why not: made of what the alert says and of the deliveries. */
import type { Alert, Why, WhyNotification, WhyReceiver } from "../../src/api/types";
import { ago, delivery } from "./fixtures.ts";
import type { Scenario } from "./scenarios.ts";

/** What a server would answer about one alert. */
export function whyOf(scenario: Scenario, query: URLSearchParams) {
  const alert = scenario.alerts.find(({ id }) => id === query.get("alert"));
  if (!alert) return { status: 404, json: { status: 404, code: "not_found", detail: "There is no such alert, or it ended long ago.", title: "Not Found", type: "about:blank" } };
  const json: Why = { at: ago(0), live: true, alerts: [{ ...facts(alert), receivers: receivers(scenario, alert) }], next: null, similar: [], notes: [] };
  return { status: 200, json };
}

function facts(alert: Alert) {
  const { id, name, severity, summary, target, labels, state, starts_at, ends_at, end_reason, origin, policy, heartbeat, inhibited, silenced } = alert;
  const everybody = { at: starts_at, reason: "heartbeat", sentence: "A heartbeat is shown, never sent.", told: false, inhibited: null, silenced: [], intervals: [], group: null };
  return { id, name, severity, summary, target, labels, state, starts_at, ends_at, end_reason, origin, policy, heartbeat, inhibited, silenced, verdicts: heartbeat ? [everybody] : [], more_receivers: 0 };
}

function receivers(scenario: Scenario, alert: Alert): WhyReceiver[] {
  if (alert.heartbeat || scenario.receivers.length === 0) return [];
  const unmet = "A notification condition is not met: namespace is shop; the alert has no label namespace.";
  return [
    slack(alert),
    { id: 2, name: "Night watch", state: "not_told", sentence: unmet, at: null, inhibited: null, source: "console", ways: [{ route: null, met: false, stored: false, sentence: unmet }], groups: [], verdicts: [], notifications: [] },
  ];
}

function slack({ starts_at, state, inhibited, silenced, name }: Alert): WhyReceiver {
  const ways = [{ route: null, met: true, stored: true, sentence: "Its notification conditions let it through: Every alert." }];
  const labels = { alertname: name };
  const group = { labels, route: null, turn: 1, last_turn_at: starts_at, next_turn_at: ago(-3), repeats_at: ago(-600), muted: null, muted_until: null };
  const base: WhyReceiver = { id: 1, name: "Slack", state: "told", sentence: "Told in #alerts.", at: starts_at, inhibited: null, source: "console", ways, groups: state === "firing" ? [group] : [], verdicts: [], notifications: [] };
  const decided = { at: starts_at, told: false, inhibited, silenced, intervals: [], group: labels };
  if (inhibited) return { ...base, state: "not_told", at: null, inhibited, sentence: "Inhibited by another alert. Told at its group's next turn once that is over.", verdicts: [{ ...decided, reason: "inhibited", sentence: "Inhibited by another alert." }] };
  if (silenced.length > 0) return { ...base, state: "not_told", at: null, sentence: "Silenced. Told at its group's next turn once that is over.", verdicts: [{ ...decided, reason: "silenced", sentence: "Silenced by admin." }] };
  const first: WhyNotification = { ...delivery({ planned_at: starts_at, finished_at: starts_at }), says: "firing", settled: true, route: null };
  const paused: WhyNotification = { ...delivery({ id: "d0", channel: "#ops-critical", state: "waiting", planned_at: starts_at, finished_at: null, attempts: 3, waits_for: "paused: this channel is archived at Slack", waits_until: ago(-2), paused_since: starts_at, error: "is_archived", permalink: null }), says: "firing", settled: false, route: null };
  return { ...base, sentence: "Told in #alerts. The message to #ops-critical is paused: this channel is archived at Slack.", notifications: [first, paused] };
}
