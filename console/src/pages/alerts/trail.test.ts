import { expect, it } from "vitest";

import type { WhyReceiver } from "../../api/types";
import { delivery } from "../../../dev/mock/fixtures";
import { isUntouched, stepsOf } from "./trail";

const NOON = Date.parse("2026-11-23T12:00:00Z");

/** A time so many minutes after noon. */
function at(minutes: number): string {
  return new Date(NOON + minutes * 60_000).toISOString();
}

const nobody: WhyReceiver = { id: 1, name: "Slack", state: "not_told", sentence: "", at: null, inhibited: null, source: "console", ways: [], groups: [], verdicts: [], notifications: [] };
const group = { labels: {}, route: null, turn: 1, last_turn_at: at(-5), next_turn_at: at(5), repeats_at: null, muted: null, muted_until: null };

function kinds(receiver: Partial<WhyReceiver>): string[] {
  return stepsOf({ ...nobody, ...receiver }, NOON).map(({ kind }) => kind);
}

it("tells what happened in its order, and then what is about to", () => {
  const verdict = { at: at(-9), reason: "silenced", sentence: "", told: false, inhibited: null, silenced: [], intervals: [], group: null };
  const message = { ...delivery({ planned_at: at(-7) }), says: "firing" as const, settled: true, route: null };
  const later = { ...verdict, at: at(-3) };
  const repeats = { ...group, repeats_at: at(60) };
  expect(kinds({ verdicts: [verdict, later], notifications: [message], groups: [repeats] })).toEqual(["verdict", "message", "verdict", "turn", "repeat"]);
});

it("promises no first word while something mutes it, and says when that is over", () => {
  expect(kinds({ groups: [{ ...group, turn: 0 }] })).toEqual(["first"]);
  expect(kinds({ groups: [{ ...group, turn: 0, muted: "Its route is mute at night.", muted_until: at(30) }] })).toEqual(["turn", "opens"]);
});

it("promises nothing that is past", () => {
  expect(kinds({ groups: [{ ...group, next_turn_at: at(-1), repeats_at: at(60) }] })).toEqual(["repeat"]);
});

it("sets those apart to whom nothing ever led", () => {
  const way = { route: null, met: true, stored: false, sentence: "" };
  expect(isUntouched({ ...nobody, ways: [{ ...way, met: false }] })).toBe(true);
  expect(isUntouched({ ...nobody, ways: [way] })).toBe(false);
  expect(isUntouched({ ...nobody, state: "due" })).toBe(false);
});
