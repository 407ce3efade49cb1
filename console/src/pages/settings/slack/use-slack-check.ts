import { useEffect, useState } from "react";

import { asProblem, type ApiProblem } from "../../../api/problem";
import { useCheckReceiver } from "../../../api/receivers";
import type { Receiver, ReceiverChannel, ReceiverToken } from "../../../api/types";
import { channelKey, type ReceiverForm } from "./receiver-form";

/** Milliseconds of quiet before Slack is asked about what was typed. */
const QUIET = 700;

/** What Slack says about the token and the channels of the form. */
export interface SlackCheck {
  token: ReceiverToken | null;
  channel: (name: string) => ReceiverChannel | null;
  isPending: boolean;
  problem: ApiProblem | null;
  /** Asks Slack now. */
  check: () => void;
  /** Why Slack cannot be asked, or null. */
  refusal: string | null;
}

/**
 * Asks Slack about a token and its channels as soon as they change, without saving. What was saved
 * and has not changed is known already and not asked again, unless the user asks.
 */
export function useSlackCheck(form: ReceiverForm, saved: Receiver | null): SlackCheck {
  const asking = useCheckReceiver();
  const { mutate } = asking;
  const token = form.token?.trim() ?? null;
  const hasToken = token === null ? saved?.token.hint != null : token !== "";
  const request = JSON.stringify(requestOf(form, saved));
  const [known, setKnown] = useState(request);

  useEffect(() => {
    if (!hasToken || request === known) return undefined;
    const timer = setTimeout(() => {
      setKnown(request);
      mutate(JSON.parse(request) as ReturnType<typeof requestOf>);
    }, QUIET);
    return () => clearTimeout(timer);
  }, [hasToken, request, known, mutate]);

  const isSavedToken = token === null;
  const answer = hasToken ? asking.data : undefined;
  const channels = [...(answer?.channels ?? []), ...(isSavedToken ? (saved?.channels ?? []) : [])];
  return {
    token: answer?.token ?? (isSavedToken ? (saved?.token ?? null) : null),
    channel: (name) => channels.find((channel) => channelKey(channel.key) === channelKey(name)) ?? null,
    isPending: asking.isPending,
    problem: asking.error ? asProblem(asking.error) : null,
    check: () => mutate(requestOf(form, saved)),
    refusal: hasToken ? null : "Enter a Slack token first.",
  };
}

function requestOf(form: ReceiverForm, saved: Receiver | null) {
  const token = form.token?.trim();
  return { ...(saved ? { id: saved.id } : {}), ...(token ? { token } : {}), channels: form.channels };
}
