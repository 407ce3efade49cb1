import { linkOptions } from "@tanstack/react-router";

/** What the address of the alerts page can say. Lists are words joined by commas. */
export interface AlertsSearch {
  state?: string;
  severity?: string;
  q?: string;
  /** `groups`: in the groups in which they are told. */
  view?: string;
  /** The name of somebody whom they are told to. */
  receiver?: string;
  /** The name of an inhibition rule. */
  inhibited?: string;
  /** The id of a silence. */
  silenced?: string;
  page?: string;
}

/** What the address of the silences can say. */
export interface SilencesSearch {
  state?: string;
  q?: string;
  page?: string;
}

/** What the address of a new silence can say: what it begins with. */
export interface NewSilenceSearch {
  /** The id of the alert whose labels it is to match. */
  alert?: string;
  /** The id of the silence that it begins as a copy of. */
  from?: string;
  /** Matchers as people write them. */
  matchers?: string;
}

/** What the address of the policies page can say. */
export interface PoliciesSearch {
  tab?: string;
  q?: string;
  state?: string;
  severity?: string;
  category?: string;
  sort?: string;
}

/** What the address of the page for expressions can say: as Prometheus' own page for graphs, for one panel. */
export interface ExploreSearch {
  "g0.expr"?: string;
  "g0.tab"?: string;
  "g0.range_input"?: string;
  "g0.end_input"?: string;
  "g0.moment_input"?: string;
}

/** What the address of a new policy can say. */
export interface NewPolicySearch {
  /** The number of the policy that it begins as a copy of. */
  from?: string;
  /** The PromQL that it begins with. */
  expr?: string;
}

/** What the address of the delivery log can say. */
export interface DeliveriesSearch {
  state?: string;
  receiver?: string;
  channel?: string;
}

/** What the address of the metrics source can say: which targets are shown. */
export interface TargetsSearch {
  health?: string | undefined;
  q?: string | undefined;
  page?: string | undefined;
}

/** What the address of the routes can say: for which labels it is asked who hears. */
export interface RoutingSearch {
  labels?: string | undefined;
  /** The id of the alert whose labels they are. */
  alert?: string | undefined;
}

/** What the address of the runbooks can say. */
export interface RunbooksSearch {
  q?: string | undefined;
}

/** What the address of the history can say. */
export interface HistorySearch {
  filter?: string;
  q?: string;
  policy?: string;
  state?: string;
  period?: string;
  from?: string;
  to?: string;
}

/** Every place of the console as a function; nothing else builds an address. */
export const paths = {
  home: () => linkOptions({ to: "/" }),
  alerts: (search: AlertsSearch = {}) => linkOptions({ to: "/alerts", search }),
  alert: (alertId: string, search: AlertsSearch = {}) => linkOptions({ to: "/alerts/$alertId", params: { alertId }, search }),
  silences: (search: SilencesSearch = {}) => linkOptions({ to: "/silences", search }),
  silence: (silenceId: string, search: SilencesSearch = {}) => linkOptions({ to: "/silences/$silenceId", params: { silenceId }, search }),
  newSilence: (search: NewSilenceSearch = {}) => linkOptions({ to: "/silences/new", search }),
  editSilence: (silenceId: string) => linkOptions({ to: "/silences/$silenceId/edit", params: { silenceId } }),
  policies: (search: PoliciesSearch = {}) => linkOptions({ to: "/policies", search }),
  newPolicy: (search: NewPolicySearch = {}) => linkOptions({ to: "/policies/new", search }),
  policy: (id: number) => linkOptions({ to: "/policies/$policyId", params: { policyId: String(id) } }),
  editPolicy: (id: number) => linkOptions({ to: "/policies/$policyId/edit", params: { policyId: String(id) } }),
  history: (search: HistorySearch = {}) => linkOptions({ to: "/history", search }),
  explore: (search: ExploreSearch = {}) => linkOptions({ to: "/graph", search }),
  deliveries: (search: DeliveriesSearch = {}) => linkOptions({ to: "/deliveries", search }),
  delivery: (deliveryId: string, search: DeliveriesSearch = {}) =>
    linkOptions({ to: "/deliveries/$deliveryId", params: { deliveryId }, search }),
  metricsSource: (search: TargetsSearch = {}) => linkOptions({ to: "/metrics-source", search }),
  ruleFiles: () => linkOptions({ to: "/rule-files" }),
  routing: (search: RoutingSearch = {}) => linkOptions({ to: "/routing", search }),
  status: () => linkOptions({ to: "/status" }),
  inhibitions: () => linkOptions({ to: "/inhibitions" }),
  heartbeats: () => linkOptions({ to: "/heartbeats" }),
  runbooks: (search: RunbooksSearch = {}) => linkOptions({ to: "/runbooks", search }),
  runbook: (name: string) => linkOptions({ to: "/runbooks/$name", params: { name } }),
  settings: () => linkOptions({ to: "/settings" }),
  slack: () => linkOptions({ to: "/settings/notifications/slack" }),
  newReceiver: () => linkOptions({ to: "/settings/notifications/slack/new" }),
  receiver: (id: number) =>
    linkOptions({ to: "/settings/notifications/slack/$receiverId", params: { receiverId: String(id) } }),
  grouping: () => linkOptions({ to: "/settings/notifications/grouping" }),
  alerting: () => linkOptions({ to: "/settings/alerting" }),
  users: () => linkOptions({ to: "/settings/users" }),
  tokens: () => linkOptions({ to: "/settings/tokens" }),
};
