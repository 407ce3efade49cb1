import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type RouterHistory } from "@tanstack/react-router";

import { base } from "./base";
import { placeOfOldLink } from "./old-links";
import { paths, type AlertsSearch, type DeliveriesSearch, type ExploreSearch, type HistorySearch, type NewPolicySearch, type NewSilenceSearch, type PoliciesSearch, type RoutingSearch, type RunbooksSearch, type SilencesSearch, type TargetsSearch } from "./paths";
import { parseSearch, pick, stringifySearch } from "./search-params";
import { NotFound } from "./shell/NotFound";
import { PageCrash } from "./shell/PageCrash";
import { Shell } from "./shell/Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: ({ location }) => {
    throw redirect({ ...(placeOfOldLink(location.hash) ?? paths.alerts()), hash: "", replace: true });
  },
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: "/alerts",
  validateSearch: (search): AlertsSearch => pick(search, ["state", "severity", "q", "view", "receiver", "inhibited", "silenced", "page"]),
  component: lazyRouteComponent(() => import("./pages/alerts/AlertsPage")),
});

const alert = createRoute({
  getParentRoute: () => alerts,
  path: "$alertId",
  component: lazyRouteComponent(() => import("./pages/alerts/AlertPage")),
});

const silences = createRoute({
  getParentRoute: () => root,
  path: "/silences",
  validateSearch: (search): SilencesSearch => pick(search, ["state", "q", "page"]),
  component: lazyRouteComponent(() => import("./pages/silences/SilencesPage")),
});

const silence = createRoute({
  getParentRoute: () => silences,
  path: "$silenceId",
  component: lazyRouteComponent(() => import("./pages/silences/SilencePage")),
});

const newSilence = createRoute({
  getParentRoute: () => root,
  path: "/silences/new",
  validateSearch: (search): NewSilenceSearch => pick(search, ["alert", "from", "matchers"]),
  component: lazyRouteComponent(() => import("./pages/silences/NewSilencePage")),
});

const editSilence = createRoute({
  getParentRoute: () => root,
  path: "/silences/$silenceId/edit",
  component: lazyRouteComponent(() => import("./pages/silences/EditSilencePage")),
});

const history = createRoute({
  getParentRoute: () => root,
  path: "/history",
  validateSearch: (search): HistorySearch => pick(search, ["filter", "q", "policy", "state", "period", "from", "to"]),
  component: lazyRouteComponent(() => import("./pages/history/HistoryPage")),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: "/policies",
  validateSearch: (search): PoliciesSearch => pick(search, ["tab", "q", "state", "severity", "category", "sort"]),
  component: lazyRouteComponent(() => import("./pages/policies/PoliciesPage")),
});

const newPolicy = createRoute({
  getParentRoute: () => root,
  path: "/policies/new",
  validateSearch: (search): NewPolicySearch => pick(search, ["from", "expr"]),
  component: lazyRouteComponent(() => import("./pages/policies/NewPolicyPage")),
});

const policy = createRoute({
  getParentRoute: () => root,
  path: "/policies/$policyId",
  component: lazyRouteComponent(() => import("./pages/policies/PolicyPage")),
});

const editPolicy = createRoute({
  getParentRoute: () => root,
  path: "/policies/$policyId/edit",
  component: lazyRouteComponent(() => import("./pages/policies/EditPolicyPage")),
});

const EXPLORE = ["g0.expr", "g0.tab", "g0.range_input", "g0.end_input", "g0.moment_input"] as const;

const explore = createRoute({
  getParentRoute: () => root,
  path: "/graph",
  validateSearch: (search): ExploreSearch => pick(search, EXPLORE),
  component: lazyRouteComponent(() => import("./pages/explore/ExplorePage")),
});

/** Where the same page is in Prometheus 3. */
const query = createRoute({
  getParentRoute: () => root,
  path: "/query",
  validateSearch: (search): ExploreSearch => pick(search, EXPLORE),
  beforeLoad: ({ search }) => {
    throw redirect({ ...paths.explore(search), replace: true });
  },
});

const deliveries = createRoute({
  getParentRoute: () => root,
  path: "/deliveries",
  validateSearch: (search): DeliveriesSearch => pick(search, ["state", "receiver", "channel"]),
  component: lazyRouteComponent(() => import("./pages/deliveries/DeliveriesPage")),
});

const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: "$deliveryId",
  component: lazyRouteComponent(() => import("./pages/deliveries/DeliveryPage")),
});

const metricsSource = createRoute({
  getParentRoute: () => root,
  path: "/metrics-source",
  validateSearch: (search): TargetsSearch => pick(search, ["health", "q", "page"]),
  component: lazyRouteComponent(() => import("./pages/platform/MetricsSourcePage")),
});

const ruleFiles = createRoute({
  getParentRoute: () => root,
  path: "/rule-files",
  component: lazyRouteComponent(() => import("./pages/platform/RuleFilesPage")),
});

const routing = createRoute({
  getParentRoute: () => root,
  path: "/routing",
  validateSearch: (search): RoutingSearch => pick(search, ["labels", "alert"]),
  component: lazyRouteComponent(() => import("./pages/routing/RoutingPage")),
});

const status = createRoute({
  getParentRoute: () => root,
  path: "/status",
  component: lazyRouteComponent(() => import("./pages/status/StatusPage")),
});

const inhibitions = createRoute({
  getParentRoute: () => root,
  path: "/inhibitions",
  component: lazyRouteComponent(() => import("./pages/platform/InhibitionsPage")),
});

const heartbeats = createRoute({
  getParentRoute: () => root,
  path: "/heartbeats",
  component: lazyRouteComponent(() => import("./pages/platform/HeartbeatsPage")),
});

const runbooks = createRoute({
  getParentRoute: () => root,
  path: "/runbooks",
  validateSearch: (search): RunbooksSearch => pick(search, ["q"]),
  component: lazyRouteComponent(() => import("./pages/runbooks/RunbooksPage")),
});

const runbook = createRoute({
  getParentRoute: () => root,
  path: "/runbooks/$name",
  component: lazyRouteComponent(() => import("./pages/runbooks/RunbookPage")),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/SettingsPage")),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ ...paths.slack(), replace: true });
  },
});

const slack = createRoute({
  getParentRoute: () => settings,
  path: "notifications/slack",
  component: lazyRouteComponent(() => import("./pages/settings/slack/SlackPage")),
});

const newReceiver = createRoute({
  getParentRoute: () => settings,
  path: "notifications/slack/new",
  component: lazyRouteComponent(() => import("./pages/settings/slack/NewReceiverPage")),
});

const receiver = createRoute({
  getParentRoute: () => settings,
  path: "notifications/slack/$receiverId",
  component: lazyRouteComponent(() => import("./pages/settings/slack/ReceiverPage")),
});

const grouping = createRoute({
  getParentRoute: () => settings,
  path: "notifications/grouping",
  component: lazyRouteComponent(() => import("./pages/settings/GroupingPage")),
});

const alerting = createRoute({
  getParentRoute: () => settings,
  path: "alerting",
  component: lazyRouteComponent(() => import("./pages/settings/AlertingPage")),
});

const users = createRoute({
  getParentRoute: () => settings,
  path: "users",
  component: lazyRouteComponent(() => import("./pages/settings/UsersPage")),
});

const tokens = createRoute({
  getParentRoute: () => settings,
  path: "tokens",
  component: lazyRouteComponent(() => import("./pages/settings/TokensPage")),
});

const tree = root.addChildren([
  home,
  alerts.addChildren([alert]),
  silences.addChildren([silence]),
  newSilence,
  editSilence,
  history,
  policies,
  newPolicy,
  policy,
  editPolicy,
  explore,
  query,
  deliveries.addChildren([delivery]),
  metricsSource,
  ruleFiles,
  routing,
  status,
  inhibitions,
  heartbeats,
  runbooks,
  runbook,
  settings.addChildren([settingsHome, slack, newReceiver, receiver, grouping, alerting, users, tokens]),
]);

/** The router over every page of the console; `history` is the browser's unless a test brings its own. */
export function createConsoleRouter(history?: RouterHistory) {
  return createRouter({
    ...(history ? { history } : {}),
    routeTree: tree,
    basepath: base,
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultErrorComponent: PageCrash,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
