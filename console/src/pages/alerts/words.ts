import type { AlertReceiver, AlertState } from "../../api/types";
import type { Tone } from "../../components/Tag";

/** The colour of an alert's state. */
export const stateTones: Record<AlertState, Tone> = { firing: "red", pending: "amber", resolved: "green" };

/** The states in the order in which they matter. */
export const states: AlertState[] = ["firing", "pending", "resolved"];

/** The severities that are offered as filters, worst first. */
export const severities = ["critical", "error", "warning", "info"];

/** Whether a receiver was told, in a word and a colour. */
export const told: Record<AlertReceiver["state"], { tone: Tone; word: string }> = {
  told: { tone: "green", word: "Told" },
  due: { tone: "blue", word: "Due" },
  not_told: { tone: "gray", word: "Not told" },
};

/** What puts an alert's end off; a policy's has none to put off. */
export const unless = { policy: "", prometheus: "unless Prometheus sends it again", alertmanager: "unless Alertmanager speaks again" } as const;

/** Where an alert came from, in words. */
export const origins = { policy: "a policy of Larum", prometheus: "Prometheus", alertmanager: "an Alertmanager" } as const;
