import type { Alerting } from "../../api/types";

/** How many alerts end when alerting is switched off. */
export function endWords({ from_policies: { firing, pending } }: Alerting): string {
  if (firing === 0 && pending === 0) return "No alert of a policy would end now.";
  const ends = firing === 1 ? "1 alert of a policy that fires now ends and is told once as alerting off." : `${firing} alerts of policies that fire now end and are told once as alerting off.`;
  const forgotten = pending === 1 ? "1 that is pending is forgotten." : `${pending} that are pending are forgotten.`;
  return [firing > 0 ? ends : "", pending > 0 ? forgotten : ""].filter(Boolean).join(" ");
}

/** That alerts from outside flow on, and how many there are. */
export function flowWords({ from_outside }: Alerting): string {
  const now = from_outside === 0 ? "none fires now" : from_outside === 1 ? "1 fires now" : `${from_outside} fire now`;
  return `Alerts from outside, of Prometheus and of Alertmanager, flow on: ${now}.`;
}
