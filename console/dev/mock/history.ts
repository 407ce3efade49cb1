/** What the mock says of the history: a small story, searched as little as tests need. */
import type { History, HistoryEntry, Timeline, TimelineSpan } from "../../src/api/types";
import { ago } from "./fixtures.ts";

const entry = (id: string, minutes: number, patch: Partial<HistoryEntry>): HistoryEntry => ({
  id,
  at: ago(minutes),
  from: "inactive",
  since: null,
  to: "firing",
  reason: null,
  detail: "",
  value_text: "",
  name: "NodeMemoryHigh",
  severity: "warning",
  summary: "Memory of web-1 is short",
  target: "node web-1",
  labels: { alertname: "NodeMemoryHigh", node: "web-1", severity: "warning" },
  policy: { id: 20, name: "Memory is short" },
  alert: "a1",
  ...patch,
});

const story: HistoryEntry[] = [
  entry("6.2.1", 3, { from: "firing", since: ago(44), to: "resolved", reason: "resolved", value_text: "90.4 % (> 90 %)" }),
  entry("5.1.2", 20, { from: "inactive", to: "error", summary: "", target: "", alert: null, detail: "the metrics source does not answer: connection refused" }),
  entry("4.0.1", 44, { from: "pending", since: ago(49), value_text: "93.2 % (> 90 %)" }),
  entry("3.1.3", 49, { to: "pending", summary: "", alert: null, value_text: "91 % (> 90 %)" }),
  entry("2.0.2", 90, { name: "KubePodCrashLooping", summary: "Pod api-7f9 restarts again and again", target: "pod prod/api-7f9", severity: "critical", labels: { alertname: "KubePodCrashLooping", pod: "api-7f9" }, policy: null, alert: "a2" }),
  entry("1.1.4", 300, { to: "alerting_off", name: "", summary: "", target: "", severity: "", labels: {}, policy: null, alert: null }),
];

/** The history as it is asked for. */
export function historyOf(query: URLSearchParams): History {
  const states = query.get("state")?.split(",");
  const q = query.get("q")?.toLowerCase() ?? "";
  const wanted = story.filter(
    (one) =>
      (!states || states.includes(one.to)) &&
      (!query.get("policy") || String(one.policy?.id) === query.get("policy")) &&
      JSON.stringify(one).toLowerCase().includes(q) &&
      query.getAll("filter").every((matcher) => JSON.stringify(one.labels).includes(matcher.split("=")[1]?.replaceAll('"', "") ?? "")),
  );
  return { entries: wanted, next: null, counts: { firing: 2, resolved: 1, pending: 1, error: 1, alerting_off: 1 } };
}

const span = (state: TimelineSpan["state"], from: number, to: number | null, patch: Partial<TimelineSpan> = {}): TimelineSpan => ({
  state,
  from: ago(from),
  to: to === null ? null : ago(to),
  reason: null,
  value_text: "",
  alert: null,
  ...patch,
});

/** What a policy did, whichever it is. */
export function timelineOf(query: URLSearchParams): Timeline {
  const series = (node: string, spans: TimelineSpan[], fired: number, seconds: number) => ({
    labels: { alertname: "NodeMemoryHigh", node },
    target: `node ${node}`,
    spans,
    more_spans: 0,
    fired,
    firing_seconds: seconds,
  });
  return {
    from: query.get("from") ?? ago(1440),
    to: ago(0),
    policy: [span("no_data", 1200, 1100), span("error", 20, 12), span("disabled", 900, 840)],
    series: [
      series("web-1", [span("pending", 500, 495), span("firing", 495, 300, { alert: "a1", reason: "resolved", value_text: "93.2 % (> 90 %)" }), span("pending", 49, 44), span("firing", 44, 3, { alert: "a1", reason: "resolved" }), span("kept", 10, 3)], 2, 14160),
      series("web-2", [span("firing", 700, null, { alert: "a1" }), span("pending", 705, 700)], 1, 42000),
      series("db-1", [span("pending", 60, 58, { reason: "resolved" })], 0, 0),
    ],
    more_series: 4,
    fired: 3,
    firing_seconds: 42120,
    complete: true,
  };
}
