/** What the mock says about the routes of a file. */
import type { Route, RoutingAnswer, RoutingFile } from "../../src/api/types";
import { ago } from "./fixtures.ts";
import { invalid, ok, type Handler, type Reply } from "./reply.ts";

function route(patch: Partial<Route>): Route {
  return {
    id: 0, parent: 0, matchers: [], receiver: "team", continue: false, group_by: ["alertname", "cluster"], group_wait: "30s", group_interval: "5m", repeat_interval: "4h",
    inherited: ["receiver", "group_by", "group_wait", "group_interval", "repeat_interval"], labels: {}, mute_time_intervals: [], active_time_intervals: [], mute: null, changes_at: null, ...patch,
  };
}

const integration = { place: "", send_resolved: true, state: "ok" as const, sentence: null, paused_since: null, waiting: 0 };

/** A file with a tree of every kind of route. */
export const routingFile: RoutingFile = {
  path: "/etc/alertmanager/alertmanager.yml",
  loaded_at: ago(90),
  failed: null,
  more_routes: 0,
  routes: [
    route({ id: 0, parent: null, inherited: ["group_interval"] }),
    route({ id: 1, matchers: ['severity="critical"'], receiver: "pager", continue: true, group_wait: "5s", inherited: ["group_by", "group_interval", "repeat_interval"] }),
    route({ id: 2, matchers: ['team=~"shop|checkout"', 'namespace!=""'], receiver: "shop", group_by: ["..."], inherited: ["group_wait", "group_interval", "repeat_interval"] }),
    route({ id: 3, parent: 2, matchers: ['severity="info"'], receiver: "shop-mail", repeat_interval: "1d", mute_time_intervals: ["night"], mute: { by: ["night"], outside: false }, changes_at: ago(-95), inherited: ["group_by", "group_wait", "group_interval"] }),
    route({ id: 4, matchers: ['alertname="Watchdog"'], receiver: "nobody", group_by: [], active_time_intervals: ["office"], changes_at: ago(-400), labels: { team: "core" }, inherited: ["group_wait", "group_interval", "repeat_interval"] }),
  ],
  intervals: [
    { name: "night", parts: ["00:00-06:00 and 22:00-24:00, Europe/Berlin"], now: true, changes_at: ago(-95) },
    { name: "office", parts: ["Monday to Friday, 09:00-17:30, UTC"], now: false, changes_at: ago(-400) },
  ],
  receivers: [
    { name: "team", labels: {}, integrations: [{ ...integration, id: 901, name: "slack[0]", place: "#alerts" }] },
    { name: "pager", labels: { team: "core" }, integrations: [{ ...integration, id: 902, name: "webhook[0]", waiting: 2, state: "paused", sentence: "It refuses what it is sent: 404 Not Found.", paused_since: ago(12) }, { ...integration, id: 903, name: "pagerduty[0]", state: "unsupported", sentence: "Larum has no pagerduty (line 31): nobody is told by it." }] },
    { name: "shop", labels: {}, integrations: [{ ...integration, id: 904, name: "slack[0]", place: '{{ .GroupLabels.namespace }}', send_resolved: false }] },
    { name: "shop-mail", labels: {}, integrations: [{ ...integration, id: 905, name: "email[0]", state: "unsupported", sentence: "Larum has no email (line 40): nobody is told by it." }] },
    { name: "nobody", labels: {}, integrations: [] },
  ],
  text: "route:\n  receiver: team\n  group_by: [alertname, cluster]\nreceivers:\n- name: team\n  slack_configs:\n  - api_url: <secret>\n    channel: '#alerts'\n",
};

const hears: RoutingAnswer["hears"] = [
  { receiver: "pager", route: 1, group: { alertname: "DiskFull" }, told: true, sentence: "Told by webhook[0]." },
  { receiver: "shop-mail", route: 3, group: {}, told: false, sentence: "Nobody is told: Larum has no email." },
];

function tested({ labels }: { labels: string }): Reply {
  if (!labels.includes("=")) {
    return invalid("labels", `Bad matcher format: ${labels}.`);
  }
  return ok({ labels: { alertname: "DiskFull" }, ways: [0, 1, 2, 3], hears } satisfies RoutingAnswer);
}

/** Every request about them. */
export const routingHandlers: Handler[] = [
  ["GET", /^\/routing$/, ({ scenario }) => ok({ file: scenario.routing })],
  ["POST", /^\/routing\/test$/, ({ body }) => tested(body)],
];
