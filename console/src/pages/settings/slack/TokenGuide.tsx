import { Anchor, Button, Code, Collapse, Group, List, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { manifestQuery } from "../../../api/receivers";
import { CopyTextButton } from "../../../components/CopyButton";
import { Tag } from "../../../components/Tag";
import classes from "./Slack.module.css";

/** How to get a Slack token, from an app made of Larum's manifest or by hand. */
export function TokenGuide({ startsOpen }: { startsOpen: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  const id = useId();
  return (
    <section className={classes.guide}>
      <h2 className={classes.guideTitle}>
        <UnstyledButton className={classes.guideToggle} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <IconChevronRight size={18} className={classes.chevron} data-open={open || undefined} aria-hidden />
          Get a Slack token
        </UnstyledButton>
      </h2>
      <Collapse expanded={open} id={id}>
        <div className={classes.guideBody}>
          <Steps />
        </div>
      </Collapse>
    </section>
  );
}

function Steps() {
  const { data } = useQuery(manifestQuery);
  return (
    <>
      <List type="ordered" spacing="sm" size="sm">
        <List.Item>
          Create a Slack app from Larum&apos;s manifest: open it at Slack, or on{" "}
          <Anchor href="https://api.slack.com/apps" target="_blank" rel="noreferrer" inherit underline="always">
            Your Apps
          </Anchor>{" "}
          click <em>Create New App</em>, <em>From a manifest</em>, and paste the copied text.
          <Group gap="xs" mt={8}>
            <Button
              component="a"
              href={data?.create_url}
              target="_blank"
              rel="noreferrer"
              size="compact-sm"
              variant="light"
              disabled={!data}
              rightSection={<IconExternalLink size={14} />}
            >
              Create the app at Slack
            </Button>
            {data && <CopyTextButton value={data.manifest} label="Copy manifest" compact />}
          </Group>
        </List.Item>
        <List.Item>Select the workspace for it and click <em>Create</em>.</List.Item>
        <List.Item>
          Under <em>OAuth &amp; Permissions</em> click <em>Install to Workspace</em> and allow it.
        </List.Item>
        <List.Item>
          Copy a token from <em>OAuth Tokens</em> into the field <em>Slack Token</em> below. With the <em>Bot User OAuth
          Token</em> (<Code>xoxb-…</Code>) the app sends the notifications; with the <em>User OAuth Token</em> (
          <Code>xoxp-…</Code>) you, the app&apos;s owner, send them.
        </List.Item>
        <List.Item>
          In each Slack channel, invite the app: <Code>/invite @name-of-the-app</Code>. The list of channels below shows
          where that is still needed.
        </List.Item>
      </List>
      <Text size="sm" mt="md" c="dimmed">
        By hand instead: create the app <em>From scratch</em>; under <em>OAuth &amp; Permissions</em>, <em>Scopes</em>, click{" "}
        <em>Add an OAuth Scope</em> and select <Code>chat:write</Code> under <em>Bot Token Scopes</em>, and under{" "}
        <em>User Token Scopes</em> if you want a user token. <Code>chat:write</Code> alone is enough.
      </Text>
      {data && <Scopes scopes={data.scopes} />}
    </>
  );
}

function Scopes({ scopes }: { scopes: { scope: string; needed: boolean; why: string }[] }) {
  return (
    <ul className={classes.scopes} aria-label="Scopes">
      {scopes.map(({ scope, needed, why }) => (
        <li key={scope}>
          <Code>{scope}</Code>
          <Tag tone={needed ? "iris" : "gray"}>{needed ? "needed" : "optional"}</Tag>
          <span>{why}</span>
        </li>
      ))}
    </ul>
  );
}
