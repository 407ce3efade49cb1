import type { DeliveryState } from "../../api/types";
import type { Tone } from "../../components/Tag";

/** The states in the order in which they matter. */
export const states: DeliveryState[] = ["waiting", "sending", "delivered", "dead", "superseded", "cancelled"];

/** A delivery's state in a word and a colour. */
export const stateWords: Record<DeliveryState, { tone: Tone; word: string; meaning: string }> = {
  waiting: { tone: "amber", word: "Waiting", meaning: "It is sent as soon as what it waits for is over." },
  sending: { tone: "blue", word: "Sending", meaning: "It is on its way." },
  delivered: { tone: "green", word: "Delivered", meaning: "Slack has taken it." },
  dead: { tone: "red", word: "Dead", meaning: "Slack refused it for good." },
  superseded: { tone: "gray", word: "Superseded", meaning: "A newer message about the same group took its place before it was tried." },
  cancelled: { tone: "gray", word: "Cancelled", meaning: "Its channel or receiver was removed or switched off." },
};
