import { Tooltip } from "@mantine/core";

import type { LiveState } from "../api/events";
import classes from "./Shell.module.css";

const words: Record<LiveState, { label: string; detail: string }> = {
  connecting: { label: "Connecting", detail: "Opening the connection that keeps this page up to date." },
  live: { label: "Live", detail: "What changes on the server appears here by itself." },
  reconnecting: { label: "Reconnecting", detail: "The connection to Larum is interrupted. What you see may be out of date." },
};

/** Says whether the page is up to date by itself. */
export function LiveIndicator({ state }: { state: LiveState }) {
  const { label, detail } = words[state];
  return (
    <Tooltip label={detail} multiline maw={260}>
      <span className={classes.live} data-state={state} role="status">
        <span className={classes.dot} aria-hidden />
        <span className={classes.word}>{label}</span>
      </span>
    </Tooltip>
  );
}
