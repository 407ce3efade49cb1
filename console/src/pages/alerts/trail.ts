import type { WhyNotification, WhyReceiver, WhyVerdict } from "../../api/types";
import type { Tone } from "../../components/Tag";
import { stateWords } from "../deliveries/words";

/** One point on the way of an alert to a receiver. */
export type Step =
  | { kind: "verdict"; at: string; tone: Tone; verdict: WhyVerdict }
  | { kind: "message"; at: string; tone: Tone; message: WhyNotification }
  | { kind: "turn" | "repeat"; at: string; tone: Tone; turn: number };

/** What happened, the first first, and after that what is about to. */
export function stepsOf(receiver: WhyReceiver, now: number): Step[] {
  const past: Step[] = [
    ...receiver.verdicts.map((verdict): Step => ({ kind: "verdict", at: verdict.at, tone: verdict.told ? "green" : "gray", verdict })),
    ...receiver.notifications.map((message): Step => ({ kind: "message", at: message.planned_at, tone: stateWords[message.state].tone, message })),
  ];
  past.sort((first, second) => first.at.localeCompare(second.at));
  return [...past, ...aheadOf(receiver, now)];
}

/** When a group looks next whether there is something to say, and when it says again what it said. */
function aheadOf({ groups }: WhyReceiver, now: number): Step[] {
  return groups.flatMap((group) => {
    const ahead: Step[] = [];
    if (Date.parse(group.next_turn_at) > now) ahead.push({ kind: "turn", at: group.next_turn_at, tone: "blue", turn: group.turn });
    if (group.repeats_at && group.repeats_at !== group.next_turn_at) ahead.push({ kind: "repeat", at: group.repeats_at, tone: "blue", turn: group.turn });
    return ahead;
  });
}

/** Whether nothing leads to a receiver, and nothing ever did. */
export function isUntouched({ state, ways, verdicts, notifications }: WhyReceiver): boolean {
  const hasTrail = verdicts.length > 0 || notifications.length > 0 || ways.some(({ met }) => met);
  return (state === "not_told" || state === "unknown") && !hasTrail;
}
