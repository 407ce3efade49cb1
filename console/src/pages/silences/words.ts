import type { SilencePreview, SilenceState } from "../../api/types";
import type { Tone } from "../../components/Tag";

/** The states in the order in which they matter. */
export const silenceStates: SilenceState[] = ["active", "pending", "expired"];

/** What each is called, and its colour. */
export const silenceWords: Record<SilenceState, { word: string; tone: Tone }> = {
  active: { word: "Active", tone: "iris" },
  pending: { word: "Pending", tone: "amber" },
  expired: { word: "Expired", tone: "gray" },
};

/** `1 alert`, `7 alerts`. */
export function alertCount(count: number): string {
  return count === 1 ? "1 alert" : `${count} alerts`;
}

/** What a silence would hide, in one sentence. */
export function hidesWords({ hides, firing }: Pick<SilencePreview, "hides" | "firing">): string {
  if (firing === 0) return "Nothing fires now. It will hide what begins to fire while it lasts.";
  const all = firing === 1 ? "the 1 alert that fires" : `the ${firing} alerts that fire`;
  if (hides === 0) return `It hides none of ${all} now.`;
  return `It hides ${hides} of ${all} now.`;
}

/** Why to think again before so much is hidden. */
export function mostWords({ hides, firing }: Pick<SilencePreview, "hides" | "firing">): string {
  if (firing === 1) return "This is the only alert that fires now.";
  if (hides === firing) return `These are all ${firing} alerts that fire now.`;
  return `These are ${hides} of ${firing} alerts that fire now: more than half.`;
}
