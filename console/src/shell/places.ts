import { IconBell, IconBellOff, IconBook, IconChartLine, IconDatabase, IconEyeOff, IconFileText, IconHeartbeat, IconHistory, IconInfoCircle, IconListCheck, IconRoute, IconSend, type Icon } from "@tabler/icons-react";

import { useIsAlertmanager } from "../api/session";
import { paths } from "../paths";

/** A page that one can go to from everywhere. */
export interface Place {
  Icon: Icon;
  name: string;
  link: { to: string };
  /** Goes there after `g`. */
  key?: string;
}

const alerts: Place = { Icon: IconBell, name: "Alerts", link: paths.alerts(), key: "a" };
const silences: Place = { Icon: IconBellOff, name: "Silences", link: paths.silences(), key: "i" };
const history: Place = { Icon: IconHistory, name: "History", link: paths.history(), key: "h" };
const policies: Place = { Icon: IconListCheck, name: "Policies", link: paths.policies(), key: "p" };
const explore: Place = { Icon: IconChartLine, name: "Explore", link: paths.explore(), key: "e" };
const deliveries: Place = { Icon: IconSend, name: "Deliveries", link: paths.deliveries(), key: "d" };
const routing: Place = { Icon: IconRoute, name: "Routing", link: paths.routing(), key: "r" };
const status: Place = { Icon: IconInfoCircle, name: "Status", link: paths.status(), key: "t" };
const metricsSource: Place = { Icon: IconDatabase, name: "Metrics source", link: paths.metricsSource() };
const ruleFiles: Place = { Icon: IconFileText, name: "Rule files", link: paths.ruleFiles() };
const inhibitions: Place = { Icon: IconEyeOff, name: "Inhibition rules", link: paths.inhibitions() };
const heartbeats: Place = { Icon: IconHeartbeat, name: "Heartbeats", link: paths.heartbeats() };
const runbooks: Place = { Icon: IconBook, name: "Runbooks", link: paths.runbooks() };

/** Where one can go: what is looked at every day, and what Larum works with, in the order in which an alert meets it. */
interface Places {
  pages: Place[];
  platform: Place[];
}

const ofServe: Places = {
  pages: [alerts, silences, history, policies, explore, deliveries],
  platform: [metricsSource, ruleFiles, inhibitions, routing, heartbeats, runbooks, status],
};

const ofAlertmanager: Places = {
  pages: [alerts, silences, history, deliveries, routing, status],
  platform: [inhibitions, heartbeats, runbooks],
};

/** The pages that there are as Larum runs now. */
export function usePlaces(): Places {
  return useIsAlertmanager() ? ofAlertmanager : ofServe;
}
