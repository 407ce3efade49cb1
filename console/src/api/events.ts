import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { addressOf } from "../base";

/** Whether changes on the server reach this page by themselves. */
export type LiveState = "connecting" | "live" | "reconnecting";

/** Milliseconds before a stream that the server closed for good is opened again. */
const REOPEN_AFTER = 5_000;

/** Milliseconds in which changes are gathered, so that a storm of alerts is one refetch. */
const GATHER = 300;

/**
 * Listens to the server's `changed` events and refetches what they name.
 *
 * A topic is the first word of a query's key. After a gap everything on the page is asked again,
 * because what happened in between was not heard.
 */
export function useLiveUpdates(enabled: boolean): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => (enabled ? listen(client, setState) : undefined), [client, enabled]);
  return state;
}

function listen(client: QueryClient, tell: (state: LiveState) => void): () => void {
  const gathered = new Gathered((topics) => {
    for (const topic of withWhatFollows(topics)) void client.invalidateQueries({ queryKey: [topic] });
  });
  let source: EventSource | null = null;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let hadGap = false;

  const open = () => {
    source = new EventSource(addressOf("api/larum/v1/events"));
    source.addEventListener("changed", (event) => gathered.add(topicsOf(event.data as string)));
    source.onopen = () => {
      tell("live");
      if (hadGap) void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    };
    source.onerror = () => {
      hadGap = true;
      tell("reconnecting");
      // A browser gives up for good when the answer is not 200, for example after a restart of the server.
      if (source?.readyState !== EventSource.CLOSED) return;
      reopen = setTimeout(open, REOPEN_AFTER);
      // Or when the session is over, which the answer to this says.
      void client.invalidateQueries({ queryKey: ["status"] });
    };
  };

  open();
  return () => {
    clearTimeout(reopen);
    gathered.stop();
    source?.close();
  };
}

/** What an answer to why an alert was told or not is made of. */
const TOLD_BY = ["alerts", "deliveries", "receivers", "grouping", "silences"];

/** The topics with what changes along with them: alerts show by what they are silenced, and who was told of them. */
export function withWhatFollows(topics: Set<string>): Set<string> {
  const follow = [topics.has("silences") ? "alerts" : "", TOLD_BY.some((topic) => topics.has(topic)) ? "why" : ""];
  return new Set([...topics, ...follow.filter(Boolean)]);
}

/** The topics an event names, or none when its data is not understood. */
export function topicsOf(data: string): string[] {
  try {
    const { topics } = JSON.parse(data) as { topics?: unknown };
    return Array.isArray(topics) ? topics.filter((topic) => typeof topic === "string") : [];
  } catch {
    return [];
  }
}

class Gathered {
  private topics = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly deliver: (topics: Set<string>) => void;

  constructor(deliver: (topics: Set<string>) => void) {
    this.deliver = deliver;
  }

  add(topics: string[]): void {
    for (const topic of topics) this.topics.add(topic);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const due = this.topics;
      this.topics = new Set();
      this.deliver(due);
    }, GATHER);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
