/** What the mock says to each request: as little of the server's mind as looking at pages needs. */
import type { BuiltinUpdate, Condition, GroupingUpdate, PolicyDraft, PolicyPreviewDraft, ReceiverDraft } from "../../src/api/types";
import { ago, alert, channel, receiver } from "./fixtures.ts";
import { historyOf, timelineOf } from "./history.ts";
import { changedPolicies, imported, labelValues, previewOf, savedPolicy, templates } from "./policies.ts";
import { platformHandlers } from "./platform.ts";
import { queried } from "./query.ts";
import { ok, problem, type Handler, type Reply } from "./reply.ts";
import { routingHandlers } from "./routing.ts";
import { whyOf } from "./why.ts";
import { silenceHandlers } from "./silences.ts";
import type { Scenario } from "./scenarios.ts";

const nothing: Reply = { status: 204 };

const handlers: Handler[] = [
  ["GET", /^\/session$/, ({ scenario }) => (scenario.session ? ok(scenario.session) : problem(401, "unauthenticated", "Log in first."))],
  ["POST", /^\/session$/, ({ scenario, body }) => logIn(scenario, body)],
  ["DELETE", /^\/session$/, ({ scenario }) => ((scenario.session = null), nothing)],
  ["PUT", /^\/session\/password$/, ({ scenario, body }) => changePassword(scenario, body)],
  ["GET", /^\/status$/, ({ scenario }) => ok(scenario.status)],
  ["GET", /^\/receivers$/, ({ scenario }) => ok({ receivers: scenario.receivers, channel_limit: 20 })],
  ["POST", /^\/receivers$/, ({ scenario, body }) => save(scenario, 0, body)],
  ["PUT", /^\/receivers\/(\d+)$/, ({ scenario, id, body }) => save(scenario, Number(id), body)],
  ["DELETE", /^\/receivers\/(\d+)$/, ({ scenario, id }) => ((scenario.receivers = scenario.receivers.filter((r) => r.id !== Number(id))), nothing)],
  ["POST", /^\/receivers\/check$/, ({ body }) => ok({ token: receiver().token, channels: (body as { channels: string[] }).channels.map((name) => channel(name)) })],
  ["POST", /^\/receivers\/test$/, ({ body }) => ok(test((body as { draft: ReceiverDraft }).draft))],
  ["POST", /^\/receivers\/preview$/, ({ scenario, body }) => preview(scenario, (body as { conditions: Condition[] | null }).conditions)],
  ["GET", /^\/slack\/manifest$/, () => ok(manifest)],
  ["GET", /^\/label-suggestions$/, ({ query }) => ok({ labels: suggestions, values: query.get("label") === "severity" ? ["critical", "error", "warning", "info"] : ["web-1", "web-2"] })],
  ["GET", /^\/settings\/grouping$/, ({ scenario }) => ok(scenario.grouping)],
  ["PUT", /^\/settings\/grouping$/, ({ scenario, body }) => saveGrouping(scenario, body)],
  ...platformHandlers,
  ...silenceHandlers,
  ...routingHandlers,
  ["GET", /^\/alerts$/, ({ scenario, query }) => ok(alerts(scenario, query))],
  ["GET", /^\/alerts\/groups$/, ({ scenario }) => ok(groups(scenario))],
  ["GET", /^\/why$/, ({ scenario, query }) => whyOf(scenario, query)],
  ["GET", /^\/alerts\/(.+)$/, ({ scenario, id }) => found(scenario.alerts.find((a) => a.id === id))],
  ["GET", /^\/history$/, ({ query }) => ok(historyOf(query))],
  ["GET", /^\/policies\/(\d+)\/timeline$/, ({ query }) => ok(timelineOf(query))],
  ["GET", /^\/policies\/templates$/, () => ok(templates)],
  ["POST", /^\/policies\/preview$/, ({ scenario, body }) => previewPolicy(scenario, body)],
  ["POST", /^\/policies\/actions$/, ({ scenario, body }) => changePolicies(scenario, body)],
  ["POST", /^\/policies\/import$/, ({ scenario, body }) => importPolicies(scenario, body)],
  ["PUT", /^\/policies\/(\d+)\/builtin$/, ({ scenario, id, body }) => editBuiltin(scenario, Number(id), body)],
  ["GET", /^\/api\/v1\/label\/(.+)\/values$/, ({ id }) => ok({ status: "success", data: labelValues[id] ?? [] })],
  ["GET", /^\/api\/v1\/(query|query_range)$/, ({ id, query }) => queried(id as "query" | "query_range", query)],
  ["GET", /^\/policies$/, ({ scenario }) => ok({ policies: scenario.policies })],
  ["POST", /^\/policies$/, ({ scenario, body }) => savePolicy(scenario, 100 + scenario.policies.length, body)],
  ["GET", /^\/policies\/(\d+)$/, ({ scenario, id }) => found(scenario.policies.find((p) => p.id === Number(id)))],
  ["PUT", /^\/policies\/(\d+)$/, ({ scenario, id, body }) => savePolicy(scenario, Number(id), body)],
  ["PUT", /^\/policies\/(\d+)\/enabled$/, ({ scenario, id, body }) => ok(Object.assign(scenario.policies.find((p) => p.id === Number(id)) ?? {}, body))],
  ["DELETE", /^\/policies\/(\d+)$/, ({ scenario, id }) => ((scenario.policies = scenario.policies.filter((p) => p.id !== Number(id))), nothing)],
  ["GET", /^\/deliveries$/, ({ scenario, query }) => ok(deliveries(scenario, query))],
  ["GET", /^\/deliveries\/receivers$/, ({ scenario }) => ok({ receivers: scenario.receivers.map(({ id, name, channels }) => ({ id, name, channels: channels.map((one) => one.name) })) })],
  ["GET", /^\/deliveries\/(.+)$/, ({ scenario, id }) => found(withMessage(scenario, id))],
  ["POST", /^\/deliveries\/(.+)\/retry$/, () => ({ status: 202 })],
  ["GET", /^\/users$/, ({ scenario }) => ok({ users: [{ name: "admin", role: "platform-admin", created_at: ago(9000), last_login_at: ago(3), must_change_password: false }, { name: "vera", role: "viewer", created_at: ago(600), last_login_at: null, must_change_password: true }].slice(0, scenario.receivers.length + 1) })],
  ["POST", /^\/users$/, ({ body }) => ok({ user: body, one_time_password: "kestrel-amber-42-otter" })],
  ["GET", /^\/tokens$/, ({ scenario }) => ok({ tokens: scenario.receivers.length > 0 ? [{ id: 1, name: "deploy pipeline", role: "viewer", created_at: ago(5000), created_by: "admin", last_used_at: ago(5) }] : [] })],
  ["POST", /^\/tokens$/, ({ body }) => ok({ token: body, secret: "larum_8fK2mQ0pTz4vXc7bN1sD" })],
];

/** The reply to one request of the console. */
export function answer(scenario: Scenario, method: string, path: string, query: URLSearchParams, body: unknown): Reply {
  if (!scenario.session && path !== "/session") return problem(401, "unauthenticated", "Log in first.");
  if (scenario.broken !== null && path.startsWith(scenario.broken) && method === "GET" && !/^\/(session|status)$/.test(path)) {
    return problem(503, "unavailable", "The storage does not answer. Look at the log of Larum; it goes on by itself when the disk does.");
  }
  for (const [wanted, pattern, handle] of handlers) {
    const match = wanted === method ? pattern.exec(path) : null;
    if (match) return handle({ scenario, id: match[1] ?? "", query, body: body as never });
  }
  return problem(404, "not_found", "There is no such thing.");
}

function logIn(scenario: Scenario, { name, password }: { name: string; password: string }): Reply {
  if (password === "wrong") return problem(401, "unauthenticated", "The name or the password is wrong.");
  scenario.session = { mode: "serve", user: { name, role: "platform-admin" }, must_change_password: false };
  return ok(scenario.session);
}

function changePassword(scenario: Scenario, body: { current: string; new: string }): Reply {
  if (body.new.length < 10) return problem(422, "invalid", "Choose a password of at least 10 characters.", "new");
  if (scenario.session) scenario.session.must_change_password = false;
  return nothing;
}

function save(scenario: Scenario, id: number, draft: ReceiverDraft & { version?: number }): Reply {
  const before = scenario.receivers.find((other) => other.id === id);
  if (draft.name === "") return problem(422, "invalid", "Give the receiver a name.", "name");
  if (draft.channels.length === 0) return problem(422, "invalid", "Add at least one channel.", "channels");
  if (draft.conditions?.length === 0) return problem(422, "invalid", "Add a condition, or uncheck Notification Conditions.", "conditions");
  if (draft.name === "conflict" && before) {
    return { status: 409, json: { status: 409, code: "conflict", detail: "Somebody else changed this receiver meanwhile.", title: "Conflict", type: "about:blank", current: { ...before, updated_by: "grace", updated_at: ago(1) } } };
  }
  const saved = receiver({
    ...(before ?? { id: scenario.receivers.length + 1 }),
    name: draft.name,
    enabled: draft.enabled,
    conditions: draft.conditions ?? null,
    version: (before?.version ?? 0) + 1,
    channels: draft.channels.map((name) => before?.channels.find((c) => c.name === name) ?? channel(name)),
    updated_at: ago(0),
  });
  scenario.receivers = [...scenario.receivers.filter((other) => other.id !== saved.id), saved];
  scenario.status.told = saved.enabled ? { state: "ok", sentence: null } : { state: "all_off", sentence: "Nobody is told about alerts: every receiver is switched off." };
  return { status: id ? 200 : 201, json: saved };
}

function test(draft: ReceiverDraft) {
  const results = draft.channels.map((name, index) =>
    index % 2 === 0
      ? { channel: name, delivered: true, sentence: "Delivered.", error: null, invite: null, permalink: "https://acme.slack.com/archives/C1/p1" }
      : { channel: name, delivered: false, sentence: "The app is not in this channel. Send the command in the channel at Slack.", error: "not_in_channel", invite: "/invite @larum", permalink: null },
  );
  return { results, took_ms: 1240 };
}

function preview(scenario: Scenario, conditions: Condition[] | null): Reply {
  const lacking = conditions?.findIndex((c) => c.label === "" || ((c.operator === "In" || c.operator === "NotIn") && c.values.length === 0)) ?? -1;
  if (lacking >= 0) return problem(422, "invalid", `Condition ${lacking + 1} needs a label and at least one value.`, `conditions[${lacking}].values`);
  const current = scenario.alerts.filter((a) => a.state !== "resolved");
  const matching = current.filter((a) => (conditions ?? []).every((c) => c.operator !== "In" || c.values.includes(a.labels[c.label] ?? a.severity)));
  const words = (conditions ?? []).map((c) => `${c.label} ${c.operator} ${c.values.join(" or ")}`).join(", and ");
  return ok({ sentence: conditions ? `Alerts with ${words}.` : "All alerts.", matched: matching.length, total: current.length, alerts: matching });
}

function alerts(scenario: Scenario, query: URLSearchParams) {
  const within = (name: string, value: string) => !query.get(name) || (query.get(name) ?? "").split(",").includes(value);
  const q = (query.get("q") ?? "").toLowerCase();
  const silenced = query.get("silenced_by");
  const list = scenario.alerts.filter((a) => (!silenced || a.silenced.some(({ id }) => id === silenced)) && within("state", a.state) && within("severity", a.severity) && JSON.stringify(a).toLowerCase().includes(q));
  const count = (state: string) => scenario.alerts.filter((a) => a.state === state).length;
  const severity: Record<string, number> = {};
  for (const a of scenario.alerts) if (a.state !== "resolved") severity[a.severity] = (severity[a.severity] ?? 0) + 1;
  return {
    alerts: query.get("policy") ? list.map((a) => alert(a)).filter((a) => String(a.policy?.id) === query.get("policy")) : list,
    total: list.length,
    counts: {
      state: { firing: count("firing"), pending: count("pending"), resolved: count("resolved") },
      severity,
    },
  };
}

function groups(scenario: Scenario) {
  const firing = scenario.alerts.filter(({ state, heartbeat }) => state === "firing" && !heartbeat);
  const shown = firing.map((one) => ({ receiver: "team", route: 0, labels: { alertname: one.name }, muted_by: one.silenced.length > 0 ? ["night"] : [], due: ago(-3), alerts: [one], total: 1 }));
  return { groups: shown, total: shown.length };
}

function deliveries(scenario: Scenario, query: URLSearchParams) {
  const wanted = (query.get("state") ?? "").split(",").filter(Boolean);
  const list = scenario.deliveries.filter((d) => (wanted.length === 0 || wanted.includes(d.state)) && d.channel.includes(query.get("channel") ?? ""));
  const counts = Object.fromEntries(["waiting", "sending", "delivered", "dead", "superseded", "cancelled"].map((state) => [state, scenario.deliveries.filter((d) => d.state === state).length]));
  return { deliveries: list, next: null, counts };
}

function withMessage(scenario: Scenario, id: string) {
  const delivery = scenario.deliveries.find((d) => d.id === id);
  const message = { channel: delivery?.channel, text: delivery?.headline, attachments: [{ color: "#F2A900", fallback: delivery?.headline, blocks: [{ type: "section", text: { type: "mrkdwn", text: delivery?.headline } }] }] };
  return delivery && { ...delivery, message: JSON.stringify(message), alerts: ["a0", "a1"] };
}

function savePolicy(scenario: Scenario, id: number, draft: PolicyDraft & { version?: number }): Reply {
  if (draft.name === "") return problem(422, "invalid", "Give the policy a name.", "name");
  const before = scenario.policies.find((other) => other.id === id);
  if (before && draft.version !== before.version) {
    return { status: 409, json: { status: 409, code: "conflict", detail: "grace changed this policy in the meantime: see what it is now.", title: "Conflict", type: "about:blank", current: before } };
  }
  const saved = savedPolicy(id, draft, before);
  scenario.policies = [...scenario.policies.filter((other) => other.id !== id), saved];
  return { status: 201, json: saved };
}

function previewPolicy(scenario: Scenario, draft: PolicyPreviewDraft): Reply {
  if (draft.expr?.trim().endsWith(">")) return problem(422, "invalid", "Parse error: unexpected end of input.", "expr");
  const known = scenario.policies.find(({ id }) => id === draft.builtin?.id);
  return ok(previewOf(known ? { ...draft, expr: known.expr.replace(/[\d.]+$/, String(draft.builtin?.threshold ?? 90)) } : draft));
}

function editBuiltin(scenario: Scenario, id: number, update: BuiltinUpdate): Reply {
  const known = scenario.policies.find((one) => one.id === id);
  if (!known?.builtin) return problem(403, "forbidden", "This is possible only for a policy that comes with Larum.");
  const { threshold } = known.builtin;
  const builtin = { ...known.builtin, edited: true, threshold: threshold && { ...threshold, value: update.threshold ?? threshold.default } };
  return ok(Object.assign(known, { builtin, for: update.for, severity: update.severity, enabled: update.enabled, version: known.version + 1 }));
}

function changePolicies(scenario: Scenario, body: Parameters<typeof changedPolicies>[1]): Reply {
  const { after, answer: said } = changedPolicies(scenario.policies, body);
  scenario.policies = after;
  return ok(said);
}

function importPolicies(scenario: Scenario, body: Parameters<typeof imported>[1]): Reply {
  if (!body.yaml.includes("groups:")) return problem(422, "invalid", "There is no rule in this file.", "yaml");
  const { after, answer: said } = imported(scenario.policies, body);
  scenario.policies = after;
  return ok(said);
}

function saveGrouping(scenario: Scenario, wanted: GroupingUpdate): Reply {
  if (wanted.version !== scenario.grouping.version) {
    return { status: 409, json: { status: 409, code: "conflict", detail: "Somebody changed the grouping in the meantime.", title: "Conflict", type: "about:blank", current: scenario.grouping } };
  }
  scenario.grouping = { ...wanted, version: wanted.version + 1, updated_at: ago(0), updated_by: "admin" };
  return ok(scenario.grouping);
}

function found(thing: unknown): Reply {
  return thing ? ok(thing) : problem(404, "not_found", "It is not there any more: it may have been deleted, or be older than what is kept.");
}

const suggestions = [
  { name: "alertname", title: "Alert name" },
  { name: "severity", title: "Severity" },
  { name: "namespace", title: "Namespace" },
  { name: "node", title: "Node" },
  { name: "workload", title: "Workload" },
  { name: "pod", title: "Pod" },
  { name: "container", title: "Container" },
];

const manifest = {
  manifest: '{"display_information":{"name":"Larum"}}',
  create_url: "https://api.slack.com/apps?new_app=1&manifest_json=%7B%7D",
  scopes: [
    { scope: "chat:write", needed: true, why: "Post messages." },
    { scope: "chat:write.public", needed: false, why: "Post in public channels without an invitation." },
    { scope: "channels:read", needed: false, why: "Say before the first alert whether a channel exists and the app is in it." },
  ],
};
