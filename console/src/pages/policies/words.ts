import type { Policy } from "../../api/types";
import type { Tone } from "../../components/Tag";

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

/** Why a built-in policy has no *Edit* and no *Delete*. */
export const BUILTIN_REFUSAL = "A built-in policy can be disabled, not edited or deleted.";
