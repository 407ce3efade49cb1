import type { Policy } from "../../api/types";
import type { Tone } from "../../components/Tag";
import { durationWords } from "../../components/time";

/** A policy's state in a word and a colour. */
export const stateWords: Record<Policy["state"], { tone: Tone; word: string }> = {
  inactive: { tone: "green", word: "Inactive" },
  pending: { tone: "amber", word: "Pending" },
  firing: { tone: "red", word: "Firing" },
  no_data: { tone: "blue", word: "No data" },
  error: { tone: "orange", word: "Error" },
  disabled: { tone: "gray", word: "Disabled" },
};

/** How the evaluation goes. */
export const healthWords: Record<Policy["health"]["state"], { tone: Tone; word: string }> = {
  ok: { tone: "green", word: "OK" },
  error: { tone: "red", word: "Error" },
  no_data: { tone: "blue", word: "No data" },
  unknown: { tone: "gray", word: "Not evaluated yet" },
};

/** How long what fires is kept without data, to choose from. */
export function noDataChoice(hold: string): string {
  return hold === "0s" ? "Resolve at once" : durationWords(hold);
}

/** What becomes of what fires when there is no data. */
export function noDataSentence(hold: string): string {
  return hold === "0s" ? "Resolved at once" : `Keeps firing for ${durationWords(hold)}, then resolved`;
}

/** Why a built-in policy has no *Edit* and no *Delete*. */
export const BUILTIN_REFUSAL = "A built-in policy can be disabled, not edited or deleted.";
