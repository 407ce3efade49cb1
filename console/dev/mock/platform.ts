/** What the mock says about the switch, the metrics source, rule files, inhibition rules, heartbeats and runbooks. */
import type { Alerting, AlertingUpdate, Heartbeats, Inhibition, MetricsSource, RuleFiles, Runbook, ScrapeTarget } from "../../src/api/types";
import { ago } from "./fixtures.ts";
import { ok, type Handler, type Reply } from "./reply.ts";
import type { Scenario } from "./scenarios.ts";

/** Every request about them. */
export const platformHandlers: Handler[] = [
  ["GET", /^\/settings\/alerting$/, ({ scenario }) => ok(alerting(scenario))],
  ["PUT", /^\/settings\/alerting$/, ({ scenario, body }) => switchAlerting(scenario, body)],
  ["GET", /^\/metrics-source$/, ({ scenario }) => ok(scenario.source)],
  ["GET", /^\/metrics-source\/targets$/, ({ query }) => ok(targetsOf(query))],
  ["GET", /^\/rule-files$/, ({ scenario }) => ok(scenario.ruleFiles)],
  ["POST", /^\/rule-files\/reload$/, ({ scenario }) => ok(scenario.ruleFiles)],
  ["GET", /^\/inhibitions$/, () => ok({ inhibitions })],
  ["GET", /^\/heartbeats$/, ({ scenario }) => ok(scenario.heartbeats)],
  ["GET", /^\/runbooks$/, ({ query }) => ok(runbooksOf(query))],
  ["GET", /^\/runbooks\/(.+)$/, ({ id }) => foundRunbook(id)],
];

function alerting(scenario: Scenario): Alerting {
  const { enabled, since, by } = scenario.status.alerting;
  const firing = scenario.alerts.filter(({ state, heartbeat }) => state === "firing" && !heartbeat);
  const said = firing.filter(({ origin }) => origin === "policy").length;
  const pending = scenario.alerts.filter(({ state }) => state === "pending").length;
  return {
    enabled, updated_at: since, updated_by: by, version: scenario.alertingVersion,
    from_policies: enabled ? { firing: said, pending } : { firing: 0, pending: 0 },
    from_outside: firing.length - said,
  };
}

function switchAlerting(scenario: Scenario, { enabled, version }: AlertingUpdate): Reply {
  if (version !== scenario.alertingVersion) {
    return { status: 409, json: { status: 409, code: "conflict", detail: "Somebody switched alerting in the meantime: see how it is now.", title: "Conflict", type: "about:blank", current: alerting(scenario) } };
  }
  scenario.alertingVersion += 1;
  scenario.status.alerting = { enabled, since: ago(0), by: "admin" };
  return ok(alerting(scenario));
}

const targets: ScrapeTarget[] = [
  { job: "node", url: "http://10.0.0.11:9100/metrics", health: "up", last_error: null, last_scrape: ago(0.1), duration_ms: 34.2, samples: 1240, interval: "15s", labels: { instance: "10.0.0.11:9100", job: "node" }, discovered: { __address__: "10.0.0.11:9100", job: "node" } },
  { job: "node", url: "http://10.0.0.12:9100/metrics", health: "down", last_error: "cannot connect: Connection refused", last_scrape: ago(0.2), duration_ms: 0.4, samples: 0, interval: "15s", labels: { instance: "10.0.0.12:9100", job: "node" }, discovered: { __address__: "10.0.0.12:9100", job: "node" } },
];

function targetsOf(query: URLSearchParams) {
  const health = query.get("health");
  const found = targets.filter((target) => (!health || target.health === health) && target.url.includes(query.get("q") ?? ""));
  return { targets: found, total: found.length };
}

/** Larum's own memory, with targets. */
export const embedded: MetricsSource = {
  kind: "embedded",
  health: { state: "ok", error: null, advice: null, since: null, failures: 0, last_success: ago(0.1) },
  server: null,
  store: { series: 2410, bytes: 9_400_000, most_bytes: 268_435_456, retention: "6h", samples: 1_204_511, lost: [{ reason: "too_old", sentence: "They were older than what is kept.", samples: 12 }] },
  scrapes: true,
  jobs: [{ name: "node", up: 1, down: 1, unknown: 0, dropped: 1, dropped_labels: [{ __address__: "10.0.0.13:9100" }], problems: [] }],
};

/** A server that is away. */
export const away: MetricsSource = {
  kind: "prometheus",
  health: { state: "trouble", error: "cannot connect to prometheus:9090: Connection refused", advice: "Check that the server runs and that Larum gets there.", since: ago(12), failures: 48, last_success: ago(12) },
  server: { url: "http://prometheus:9090/", product: null, version: null, round_trip_ms: 4, in_flight: 0, waiting: 0 },
  store: null,
  scrapes: false,
  jobs: [],
};

/** One file with a rule of each kind, one of them wrong. */
export const ruleFiles: RuleFiles = {
  interval: "15s",
  files: [
    {
      path: "/etc/larum/rules/tanks.yml",
      error: null,
      broken: [{ group: "tanks", rule: "Mistyped", policy: 20, line: 11, column: 11, message: 'group "tanks", rule 3, "Mistyped": could not parse expression: unexpected end of input' }],
      groups: [
        {
          name: "tanks", interval: "1m", query_offset: "0s", limit: 0, last_evaluation: ago(0.3), duration_ms: 12.4, missed: 3,
          rules: [
            { kind: "recording", name: "tank:level:max", line: 5, expr: "max(tank_level)", labels: {}, policy: null, state: null, alerts: { pending: 0, firing: 0 }, error: null, last_evaluation: ago(0.3), duration_ms: 1.2 },
            { kind: "alerting", name: "TankTooFull", line: 7, expr: "tank:level:max > 80", labels: { severity: "critical" }, policy: 21, state: "firing", alerts: { pending: 0, firing: 2 }, error: null, last_evaluation: ago(0.3), duration_ms: 0.8 },
          ],
        },
      ],
    },
  ],
};

const inhibitions: Inhibition[] = [
  { name: "node-down", source: ['alertname="NodeFilesystemAlmostFull"'], target: ['severity=~"error|warning"'], equal: ["cluster", "node"], sources: 1, hides: 1 },
  { name: "", source: [], target: ['severity="info"'], equal: [], sources: 4, hides: 0 },
];

/** One that beats, and one that has stopped. */
export const heartbeats: Heartbeats = {
  shown_for_days: 7,
  heartbeats: [
    { alert: "a7", name: "Watchdog", labels: { alertname: "Watchdog", cluster: "west" }, state: "stopped", sentence: "Its sender does not send it any more: see whether it runs, evaluates its rules and reaches Larum.", origin: "prometheus", policy: null, since: ago(9000), last_beat: ago(30), expires_at: null, stopped_at: ago(25) },
    { alert: "a4", name: "Watchdog", labels: { alertname: "Watchdog" }, state: "beating", sentence: "Metrics arrive and policies are evaluated.", origin: "policy", policy: { id: 1, name: "Watchdog" }, since: ago(4000), last_beat: ago(0.1), expires_at: null, stopped_at: null },
  ],
};

const runbooks: Runbook[] = [
  { name: "KubePodCrashLooping", firing: 1, policies: [{ id: 7, severity: "warning", enabled: true }], markdown: "# KubePodCrashLooping\n\n## What it means\n\nA container ends each time it is started.\n\n## What to do\n\n1. `kubectl rollout undo deployment/NAME`, if it began with a rollout.\n2. Else see KubePodNotReady.\n" },
  { name: "KubePodNotReady", firing: 0, policies: [], markdown: "# KubePodNotReady\n\n## What it means\n\nA pod is <b>not</b> ready.\n" },
];

function runbooksOf(query: URLSearchParams) {
  const words = (query.get("q") ?? "").toLowerCase().split(" ");
  const found = runbooks.filter(({ markdown }) => words.every((word) => markdown.toLowerCase().includes(word)));
  return { runbooks: found.map(({ name, firing, policies }) => ({ name, firing, policies, meaning: "A container ends each time it is started." })), total: runbooks.length };
}

function foundRunbook(name: string): Reply {
  const found = runbooks.find((one) => one.name === name);
  return found ? ok(found) : { status: 404, json: { status: 404, code: "not_found", detail: "Larum brings no runbook for alerts of this name.", title: "Not Found", type: "about:blank" } };
}
