import type { ReactNode } from "react";

import type { AlertState, HistoryState, Policy } from "../api/types";
import { Tag, type Tone } from "./Tag";

/** Every state of an alert or a policy. */
type State = AlertState | HistoryState | Policy["state"];

/** What a state is called and which colour it has, on every page the same. */
export const stateWords: Record<State, { word: string; tone: Tone }> = {
  firing: { word: "Firing", tone: "red" },
  kept: { word: "Kept firing", tone: "red" },
  pending: { word: "Pending", tone: "amber" },
  resolved: { word: "Resolved", tone: "green" },
  inactive: { word: "Inactive", tone: "green" },
  error: { word: "Error", tone: "orange" },
  no_data: { word: "No data", tone: "blue" },
  disabled: { word: "Disabled", tone: "gray" },
  alerting_off: { word: "Alerting off", tone: "gray" },
};

/** A state's word, for a filter. */
export function stateWord(state: string): string {
  return (stateWords as Partial<Record<string, { word: string }>>)[state]?.word ?? state;
}

/** A state as a tag, with what is said beside it, such as how often. */
export function StateTag({ state, children }: { state: State; children?: ReactNode }) {
  const { tone, word } = stateWords[state];
  return <Tag tone={tone}>{word}{children}</Tag>;
}
