import type { WhyNotification, WhyReceiver, WhyVerdict } from "../../api/types";
import type { Tone } from "../../components/Tag";
import { stateWords } from "../deliveries/words";

/** One point on the way of an alert to a receiver. */
export type Step =
  | { kind: "verdict"; at: string; tone: Tone; verdict: WhyVerdict }
  | { kind: "message"; at: string; tone: Tone; message: WhyNotification }
  | { kind: "first" | "turn" | "repeat" | "opens"; at: string; tone: Tone };

/** What happened, the first first, and after that what is about to. */
export function stepsOf(receiver: WhyReceiver, now: number): Step[] {
  const past: Step[] = [
    ...receiver.verdicts.map((verdict): Step => ({ kind: "verdict", at: verdict.at, tone: verdict.told ? "green" : "gray", verdict })),
    ...receiver.notifications.map((message): Step => ({ kind: "message", at: message.planned_at, tone: stateWords[message.state].tone, message })),
  ];
  past.sort((first, second) => first.at.localeCompare(second.at));
  return [...past, ...aheadOf(receiver, now)];
}

/** When a group looks next whether there is something to say, says again what it said, or is mute no more. */
function aheadOf({ groups }: WhyReceiver, now: number): Step[] {
  const ahead = groups.flatMap(({ turn, muted, muted_until, next_turn_at, repeats_at }): Step[] => [
    { kind: turn === 0 && !muted ? "first" : "turn", at: next_turn_at, tone: "blue" },
    ...(repeats_at && repeats_at !== next_turn_at ? [{ kind: "repeat" as const, at: repeats_at, tone: "blue" as const }] : []),
    ...(muted_until ? [{ kind: "opens" as const, at: muted_until, tone: "blue" as const }] : []),
  ]);
  return ahead.filter(({ at }) => Date.parse(at) > now).sort((first, second) => first.at.localeCompare(second.at));
}

/** Whether nothing leads to a receiver, and nothing ever did. */
export function isUntouched({ state, ways, verdicts, notifications }: WhyReceiver): boolean {
  const hasTrail = verdicts.length > 0 || notifications.length > 0 || ways.some(({ met }) => met);
  return (state === "not_told" || state === "unknown") && !hasTrail;
}
