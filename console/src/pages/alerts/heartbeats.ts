import type { Alert } from "../../api/types";

/** The counts of the server's answer that matter here. */
interface Counts {
  state: { firing: number; pending: number; resolved: number };
  severity: Record<string, number>;
}

/** Alerts that ask somebody to look, and those that only show that the pipeline lives. */
export function splitHeartbeats(alerts: Alert[]): { alerts: Alert[]; heartbeats: Alert[] } {
  return { alerts: alerts.filter(({ heartbeat }) => !heartbeat), heartbeats: alerts.filter(({ heartbeat }) => heartbeat) };
}

/** The counts by state without what always fires; severity `none` marks it. */
export function stateCounts({ state, severity }: Counts): Counts["state"] {
  return { ...state, firing: Math.max(0, state.firing - (severity["none"] ?? 0)) };
}
