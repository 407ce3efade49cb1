import type { Alerting } from "../../api/types";

/** What switching alerting off does to the alerts there are. */
export function endWords({ from_policies: { firing, pending } }: Alerting): string {
  const ends = firing > 0 && `ends ${firing === 1 ? "1 alert of a policy that fires" : `${firing} alerts of policies that fire`}, which is told once`;
  const drops = pending > 0 && `drops ${pending === 1 ? "1 that is" : `${pending} that are`} pending`;
  const does = [ends, drops].filter(Boolean).join(", and ");
  return does === "" ? "No alert of a policy fires or is pending now." : `Switching it off now ${does}.`;
}

/** That alerts from outside go on, and how many there are. */
export function flowWords({ from_outside }: Alerting): string {
  const now = from_outside === 0 ? "none fires now" : from_outside === 1 ? "1 fires now" : `${from_outside} fire now`;
  return `Alerts from Prometheus and Alertmanager go on: ${now}.`;
}
