import { linkOptions } from "@tanstack/react-router";

/** What the address of the alerts page can say. Lists are words joined by commas. */
export interface AlertsSearch {
  state?: string;
  severity?: string;
  q?: string;
  page?: string;
}

/** What the address of the policies page can say. */
export interface PoliciesSearch {
  tab?: string;
  q?: string;
}

/** What the address of the delivery log can say. */
export interface DeliveriesSearch {
  state?: string;
  receiver?: string;
  channel?: string;
}

/** Every place of the console as a function; nothing else builds an address. */
export const paths = {
  home: () => linkOptions({ to: "/" }),
  alerts: (search: AlertsSearch = {}) => linkOptions({ to: "/alerts", search }),
  alert: (alertId: string, search: AlertsSearch = {}) => linkOptions({ to: "/alerts/$alertId", params: { alertId }, search }),
  policies: (search: PoliciesSearch = {}) => linkOptions({ to: "/policies", search }),
  newPolicy: () => linkOptions({ to: "/policies/new" }),
  policy: (id: number) => linkOptions({ to: "/policies/$policyId", params: { policyId: String(id) } }),
  editPolicy: (id: number) => linkOptions({ to: "/policies/$policyId/edit", params: { policyId: String(id) } }),
  deliveries: (search: DeliveriesSearch = {}) => linkOptions({ to: "/deliveries", search }),
  delivery: (deliveryId: string, search: DeliveriesSearch = {}) =>
    linkOptions({ to: "/deliveries/$deliveryId", params: { deliveryId }, search }),
  settings: () => linkOptions({ to: "/settings" }),
  slack: () => linkOptions({ to: "/settings/notifications/slack" }),
  newReceiver: () => linkOptions({ to: "/settings/notifications/slack/new" }),
  receiver: (id: number) =>
    linkOptions({ to: "/settings/notifications/slack/$receiverId", params: { receiverId: String(id) } }),
  grouping: () => linkOptions({ to: "/settings/notifications/grouping" }),
  users: () => linkOptions({ to: "/settings/users" }),
  tokens: () => linkOptions({ to: "/settings/tokens" }),
};
