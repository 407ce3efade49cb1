import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { RouteIntegration, RouteReceiver } from "../../api/types";
import { Since } from "../../components/RelativeTime";
import { Tag, type Tone } from "../../components/Tag";
import { paths } from "../../paths";
import classes from "./Routing.module.css";

/** The receivers of an `alertmanager.yml`, each with the ways to tell it and how they stand. */
export function FileReceivers({ receivers }: { receivers: RouteReceiver[] }) {
  return (
    <ul className={classes.receivers} aria-label="Receivers of the file">
      {receivers.map((receiver) => (
        <li key={receiver.name}>
          <div className={classes.name}>
            <strong>{receiver.name}</strong>
            <Text size="xs" c="dimmed">
              {Object.entries(receiver.labels).map(([name, value]) => `${name}=${value}`).join(", ")}
            </Text>
          </div>
          <ul>
            {receiver.integrations.map((one) => (
              <Integration key={one.name} one={one} />
            ))}
            {receiver.integrations.length === 0 && (
              <li>
                <Tag tone="gray">Nobody</Tag>
                <Text span size="sm" c="dimmed">
                  It has no integration: nobody is told.
                </Text>
              </li>
            )}
          </ul>
        </li>
      ))}
    </ul>
  );
}

const states: Record<RouteIntegration["state"], { tone: Tone; word: string }> = {
  ok: { tone: "green", word: "On" },
  paused: { tone: "amber", word: "Paused" },
  unsupported: { tone: "red", word: "Not supported" },
};

function Integration({ one }: { one: RouteIntegration }) {
  const { tone, word } = states[one.state];
  return (
    <li>
      <Tag tone={tone}>{word}</Tag>
      <div className="wrap-anywhere">
        <code>{one.name}</code> {one.place && <span>{one.place}</span>}
        <Text size="sm" c="dimmed" component="div">
          {one.sentence}
          {one.paused_since && <> Paused for <Since at={one.paused_since} />.</>}
          {one.waiting > 0 && <> <Link {...paths.deliveries({ receiver: String(one.id) })}>{one.waiting === 1 ? "1 message waits" : `${one.waiting} messages wait`}</Link>.</>}
          {one.state === "ok" && !one.send_resolved && " Not told that alerts are over."}
        </Text>
      </div>
    </li>
  );
}
