/** Whole states of a server to look at: full, empty, broken. */
import type { Alert, Delivery, Grouping, Heartbeats, MetricsSource, Policy, Receiver, RoutingFile, RuleFiles, Session, Silence, Status } from "../../src/api/types";
import { ago, alert, channel, delivery, policy, receiver, status } from "./fixtures.ts";
import { away, embedded, heartbeats, ruleFiles } from "./platform.ts";
import { routingFile } from "./routing.ts";
import { silence, silencerOf } from "./silences.ts";

export interface Scenario {
  session: Session | null;
  status: Status;
  receivers: Receiver[];
  alerts: Alert[];
  policies: Policy[];
  deliveries: Delivery[];
  grouping: Grouping;
  alertingVersion: number;
  silences: Silence[];
  source: MetricsSource;
  ruleFiles: RuleFiles;
  heartbeats: Heartbeats;
  routing: RoutingFile | null;
  /** Reads of what begins so fail, but for the session and the status; null if none does. */
  broken: string | null;
}

const admin: Session = { mode: "serve", user: { name: "admin", role: "platform-admin" }, must_change_password: false };

const backup = silence({ id: "5e1f0000-0000-4000-8000-000000000001", matchers: [{ name: "alertname", operator: "=", value: "EtcdBackupMissing" }], ends_at: ago(-95), comment: "The bucket moves, OPS-412", hides: 1 });

const alerts: Alert[] = [
  alert({
    id: "a0",
    severity: "critical",
    name: "NodeFilesystemAlmostFull",
    summary: "/var/lib/postgresql on db-2 is full in about 3 hours",
    details: "97.2 % of 1.8 TB are used and it grows by 14 GB an hour. Extend the volume or delete old WAL segments.",
    policy: { id: 5, name: "File system is nearly full" },
    target: "node db-2, /var/lib/postgresql",
    labels: { alertname: "NodeFilesystemAlmostFull", instance: "db-2:9100", job: "node", mountpoint: "/var/lib/postgresql", node: "db-2", severity: "critical" },
    starts_at: ago(8),
  }),
  alert(),
  alert({ id: "a2", severity: "error", name: "KubePodCrashLooping", summary: "Pod checkout-7d9f crashes again and again", details: "", policy: null, origin: "prometheus", target: "pod shop/checkout-7d9f", labels: { alertname: "KubePodCrashLooping", namespace: "shop", pod: "checkout-7d9f", severity: "error" }, starts_at: ago(190), expires_at: ago(-3.8), annotations: { graph: "/graph?g0.expr=node_load1&g0.tab=0" }, generator_url: "http://prometheus:9090/graph?g0.expr=rate%28kube_pod_container_status_restarts_total%5B10m%5D%29+%3E+0&g0.tab=1", inhibited: { rule: "node-down", alert: "a0", name: "NodeFilesystemAlmostFull", target: "node db-2" } }),
  alert({ id: "a6", name: "EtcdBackupMissing", summary: "The last backup of etcd is two days old", details: "", policy: null, origin: "alertmanager", target: "namespace kube-system", starts_at: ago(75), updated_at: ago(60), expires_at: ago(60 - 25 * 60), labels: { alertname: "EtcdBackupMissing", namespace: "kube-system", severity: "warning" }, silenced: [silencerOf(backup)] }),
  alert({ id: "a3", state: "pending", severity: "info", summary: "Load of web-2 is 1.4 per core", policy: { id: 7, name: "Load is high" }, target: "node web-2", starts_at: ago(2), value_text: "1.4 (> 1)" }),
  alert({ id: "a4", severity: "none", name: "Watchdog", summary: "Larum is alive", details: "", heartbeat: true, policy: { id: 1, name: "Watchdog" }, target: "", starts_at: ago(4000) }),
  alert({ id: "a5", state: "resolved", severity: "critical", summary: "Target node on web-3 was down", policy: { id: 9, name: "Target is down" }, target: "node web-3", starts_at: ago(300), ends_at: ago(260), end_reason: "the condition no longer holds" }),
];

const silences: Silence[] = [
  backup,
  silence({ id: "5e1f0000-0000-4000-8000-000000000002", state: "pending", matchers: [{ name: "node", operator: "=~", value: "web-.*" }, { name: "severity", operator: "!=", value: "critical" }], starts_at: ago(-600), ends_at: ago(-720), created_by: "grace", comment: "The web servers get a new kernel tonight", hides: 1 }),
  silence({ id: "5e1f0000-0000-4000-8000-000000000003", state: "expired", matchers: [{ name: "alertname", operator: "=", value: "NodeLoadHigh" }], starts_at: ago(900), ends_at: ago(600), comment: "Load test" }),
];

const policies: Policy[] = [
  policy({ id: 20, kind: "custom", name: "Memory of the build machines", severity: "error", for: "5m", template: { metric: "memory", comparator: ">", threshold: 80 }, state: "firing", alerts: { pending: 0, firing: 1 }, updated_by: "admin", updated_at: ago(300) }),
  policy({ id: 21, kind: "custom", name: "Disk of the database", severity: "critical", template: { metric: "disk", comparator: ">=", threshold: 85 }, state: "pending", alerts: { pending: 2, firing: 0 } }),
  policy({ id: 22, kind: "custom", name: "Load at night", enabled: false, state: "disabled", severity: "info", template: { metric: "load1", comparator: ">", threshold: 2 } }),
  policy({ id: 1, name: "Watchdog", severity: "none", for: "0s", expr: "vector(1)", state: "firing", alerts: { pending: 0, firing: 1 } }),
  policy({ state: "firing", alerts: { pending: 0, firing: 1 } }),
  policy({ id: 5, name: "File system is nearly full", severity: "critical", state: "firing", alerts: { pending: 0, firing: 1 } }),
  policy({ id: 7, name: "Load is high", severity: "info", state: "pending", alerts: { pending: 1, firing: 0 } }),
  policy({ id: 8, name: "Network errors", state: "no_data", health: { state: "no_data", error: null, last_evaluation: ago(0.1), duration_ms: 0.4 } }),
  policy({ id: 9, name: "Target is down", severity: "critical", state: "error", health: { state: "error", error: "The metrics source http://prometheus:9090 did not answer within 10 s.", last_evaluation: ago(6), duration_ms: 10000 } }),
];

const deliveries: Delivery[] = [
  delivery({ id: "d0", state: "waiting", channel: "C024BE91L", severity: "critical", headline: "FIRING NodeFilesystemAlmostFull: /var/lib/postgresql on db-2 is full in about 3 hours", planned_at: ago(7), finished_at: null, attempts: 3, waits_for: "paused: this channel is archived at Slack", waits_until: ago(-2), paused_since: ago(7), error: "is_archived", advice: "Unarchive the channel at Slack or remove it from the receiver.", permalink: null }),
  delivery({ id: "d9", state: "waiting", channel: "#alerts", headline: "FIRING (3) KubePodCrashLooping", planned_at: ago(0.1), finished_at: null, attempts: 0, waits_for: "its turn: a more urgent message goes first", waits_behind: "d1", permalink: null }),
  delivery(),
  delivery({ id: "d2", channel: "#ops-critical", state: "dead", error: "invalid_blocks", advice: "Slack refuses the message even as plain text. Please report this with the message below.", attempts: 2, permalink: null }),
  delivery({ id: "d3", state: "superseded", headline: "FIRING NodeLoadHigh: Load of web-2 is 1.4 per core", planned_at: ago(200), permalink: null }),
  delivery({ id: "d4", headline: "RESOLVED Target node on web-3 was down, after 40 min", severity: "critical", planned_at: ago(260), finished_at: ago(260), possible_duplicate: true }),
];

const second = receiver({
  id: 2,
  name: "Night watch",
  channels: [channel("#night")],
  enabled: false,
  conditions: null,
  sentence: "All alerts.",
  token: { ...receiver().token, state: "not_checked", workspace: null, sentence: "Not checked yet: Slack did not answer." },
});

const grouping: Grouping = { group_by: ["alertname", "namespace"], group_wait: "30s", group_interval: "5m", repeat_interval: "12h", version: 1, updated_at: ago(90), updated_by: "grace" };

const full: Scenario = { session: admin, status: status(), receivers: [receiver()], alerts, policies, deliveries, grouping, alertingVersion: 4, silences, source: embedded, ruleFiles, heartbeats, routing: null, broken: null };

const slackFails = {
  state: "failing" as const,
  sentence: "Slack does not take messages: for 7 minutes some have been tried in vain (status 503). They wait, and are tried again until they arrive.",
};
const nobody = { state: "nobody" as const, sentence: "Nobody is told about alerts: there is no Slack receiver yet." };

/** `larum alertmanager`: a file says everything, and nobody logs in. */
const asAlertmanager = {
  session: { ...admin, mode: "alertmanager" as const, user: { name: "anonymous", role: "platform-admin" as const } },
  routing: routingFile,
  receivers: [],
  policies: [],
  status: status({ has_route_file: true, slack_api_is_slack: true, external_url: "https://alerts.acme.example/alertmanager", cluster: { name: "5f0c2a", address: "0.0.0.0:9094" } }),
};

export const scenarios: Record<string, Scenario> = {
  full,
  several: { ...full, receivers: [receiver({ name: "Operations" }), second], status: status({ slack_api_is_slack: true, source_silent_since: ago(4) }), source: away },
  slackFails: { ...full, status: status({ told: slackFails, waiting_deliveries: 3 }) },
  empty: { ...full, receivers: [], alerts: [], silences: [], policies: policies.filter(({ kind }) => kind === "builtin"), deliveries: [], source: { ...embedded, scrapes: false, jobs: [] }, ruleFiles: { interval: "15s", files: [] }, heartbeats: { shown_for_days: 7, heartbeats: [] }, status: status({ told: nobody, waiting_deliveries: 0 }) },
  error: { ...full, broken: "/", status: status({ storage: { state: "full", sentence: "The disk is full: alerts are refused until there is space. Free some in /var/lib/larum." } }) },
  viewer: { ...full, session: { ...admin, user: { name: "vera", role: "viewer" } } },
  off: { ...full, status: status({ alerting: { enabled: false, since: ago(5), by: "grace" } }) },
  withFile: { ...full, receivers: [receiver()], routing: routingFile, status: status({ has_route_file: true }) },
  alertmanager: { ...full, ...asAlertmanager, alerts: alerts.filter(({ policy }) => policy === null).map((one) => ({ ...one, origin: "prometheus" })) },
  alertmanagerWrong: { ...full, ...asAlertmanager, routing: { ...routingFile, failed: { at: ago(3), error: "/etc/alertmanager/alertmanager.yml: 4:13: there is no receiver \"pagre\"" } }, alerts: [], silences: [], deliveries: [] },
  login: { ...full, session: null },
  first: { ...full, session: { ...admin, must_change_password: true } },
};
