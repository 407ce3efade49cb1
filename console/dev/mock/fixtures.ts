/** Things as the server would send them, for the mock and for unit tests. */
import type { Alert, Delivery, Policy, Receiver, ReceiverChannel, Status } from "../../src/api/types";

const MINUTE = 60_000;

/** RFC 3339 of `minutes` ago. */
export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * MINUTE).toISOString();
}

export function channel(name: string, patch: Partial<ReceiverChannel> = {}): ReceiverChannel {
  return { name, key: name.replace(/^#/, ""), state: "can_post", sentence: "Larum can post here.", invite: null, waiting: 0, paused: null, ...patch };
}

export function receiver(patch: Partial<Receiver> = {}): Receiver {
  return {
    id: 1,
    name: "Slack",
    version: 3,
    enabled: true,
    token: {
      hint: "xoxb-…4f2a",
      state: "checked",
      checked_at: ago(12),
      workspace: "Acme",
      workspace_url: "https://acme.slack.com/",
      team_id: "T024BE7LD",
      kind: "bot",
      as_name: "larum",
      app_mention: "@larum",
      scopes: ["chat:write"],
      missing_scopes: [],
      sentence: "Bot larum of the workspace Acme sends the notifications.",
    },
    channels: [
      channel("#alerts"),
      channel("#ops-critical", { state: "invite_needed", sentence: "The app is not in this channel.", invite: "/invite @larum" }),
      channel("C024BE91L", {
        state: "archived",
        sentence: "This channel is archived.",
        waiting: 4,
        paused: { error: "is_archived", sentence: "Paused: this channel is archived at Slack. Unarchive it or remove it here.", since: ago(50) },
      }),
      channel("#platform", { state: "unknown", sentence: "Without the scope channels:read only a test message can tell." }),
    ],
    conditions: [{ label: "severity", operator: "In", values: ["critical", "error"] }],
    sentence: "Alerts whose severity is critical or error.",
    created_at: ago(9000),
    updated_at: ago(180),
    updated_by: "admin",
    ...patch,
  };
}

export function alert(patch: Partial<Alert> = {}): Alert {
  return {
    id: "a1",
    fingerprint: "9f3c2b1a",
    state: "firing",
    severity: "warning",
    name: "NodeMemoryHigh",
    summary: "Memory usage of web-1 is 93 %",
    details: "Less than a tenth of the memory is free. Processes may be killed soon.",
    labels: { alertname: "NodeMemoryHigh", instance: "web-1:9100", job: "node", node: "web-1", severity: "warning" },
    annotations: { summary: "Memory usage of web-1 is 93 %" },
    value: 93.1,
    value_text: "93.1 % (> 90 %)",
    policy: { id: 3, name: "Node memory is nearly used up" },
    origin: "policy",
    generator_url: "",
    target: "node web-1",
    starts_at: ago(42),
    updated_at: ago(0.2),
    ends_at: null,
    expires_at: null,
    end_reason: null,
    heartbeat: false,
    inhibited: null,
    silenced: [],
    receivers: [
      { id: 1, name: "Slack", state: "told", sentence: "was told in 4 channels.", at: ago(41), inhibited: null },
      { id: 2, name: "Night watch", state: "not_told", sentence: "its conditions do not match: severity is not critical.", at: null, inhibited: null },
    ],
    ...patch,
  };
}

export function policy(patch: Partial<Policy> = {}): Policy {
  return {
    id: 3,
    kind: "builtin",
    name: "Node memory is nearly used up",
    version: 1,
    enabled: true,
    severity: "warning",
    alias: "",
    for: "15m",
    keep_firing_for: "0s",
    no_data_hold: "1h",
    expr: '100 * (1 - node_memory_MemAvailable_bytes{job="node"} / node_memory_MemTotal_bytes{job="node"}) > 90',
    template: null,
    sentence: "",
    summary: "Memory usage of {{ $labels.node }} is {{ $value }} %",
    details: "Less than a tenth of the memory is free.",
    description: "Memory that is nearly used up ends in killed processes.",
    runbook: null,
    labels: {},
    annotations: {},
    builtin: patch.kind && patch.kind !== "builtin" ? null : {
      category: "node", edited: false, threshold: { comparator: ">", value: 90, default: 90, unit: "percent", sign: "%" },
      default: { for: "15m", severity: "warning", enabled: true },
    },
    place: null,
    state: "inactive",
    health: { state: "ok", error: null, last_evaluation: ago(0.2), duration_ms: 0.8 },
    alerts: { pending: 0, firing: 0 },
    updated_at: ago(9000),
    updated_by: "Larum",
    ...patch,
  };
}

export function delivery(patch: Partial<Delivery> = {}): Delivery {
  return {
    id: "d1",
    receiver: { id: 1, name: "Slack", in_file: false },
    channel: "#alerts",
    group: { labels: { alertname: "NodeMemoryHigh" } },
    turn: 1,
    reason: "first notification",
    headline: "FIRING NodeMemoryHigh: Memory usage of web-1 is 93 %",
    state: "delivered",
    waits_for: null,
    waits_until: null,
    waits_behind: null,
    paused_since: null,
    planned_at: ago(41),
    finished_at: ago(41),
    attempts: 1,
    error: null,
    advice: null,
    template_error: null,
    possible_duplicate: false,
    severity: "warning",
    permalink: "https://acme.slack.com/archives/C024BE91L/p1754000000",
    ...patch,
  };
}

export function status(patch: Partial<Status> = {}): Status {
  return {
    version: "0.1.0",
    uptime_seconds: 5000,
    hostname: "web-1",
    cluster: null,
    has_route_file: false,
    external_url: "http://127.0.0.1:9093",
    external_url_is_loopback: true,
    slack_api_url: "http://127.0.0.1:9095/api/",
    slack_api_is_slack: false,
    told: { state: "ok", sentence: null },
    alerting: { enabled: true, since: null, by: null },
    source_silent_since: null,
    storage: { state: "ok", sentence: null },
    waiting_deliveries: 6,
    paused_channels: 1,
    api_version: 1,
    ...patch,
  };
}
