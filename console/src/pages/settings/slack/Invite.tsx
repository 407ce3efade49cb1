import { Code } from "@mantine/core";

import { CopyIcon } from "../../../components/CopyButton";
import classes from "./Slack.module.css";

/** The command that brings the app into a channel, to be copied. */
export function Invite({ command }: { command: string }) {
  return (
    <span className={classes.invite}>
      <Code>{command}</Code>
      <CopyIcon value={command} what={command} />
    </span>
  );
}
