import { Button, CloseButton, Group, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";

import { fieldErrorWithin, type ApiProblem } from "../../../api/problem";
import type { ReceiverChannel } from "../../../api/types";
import { Reasoned } from "../../../components/Reasoned";
import { Section } from "../../../components/Section";
import { Dotted, type Tone } from "../../../components/Tag";
import { Invite } from "./Invite";
import { addChannel, type ReceiverForm } from "./receiver-form";
import type { SlackCheck } from "./use-slack-check";
import classes from "./Slack.module.css";

interface ChannelSettingsProps {
  form: ReceiverForm;
  onChange: (form: ReceiverForm) => void;
  limit: number;
  problem: ApiProblem | null;
  slack: SlackCheck;
}

/** Which channels hear about alerts, and whether Larum may post in each. */
export function ChannelSettings({ form, onChange, limit, problem, slack }: ChannelSettingsProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const add = () => {
    const result = addChannel(form, limit);
    setRefusal("refusal" in result ? result.refusal : null);
    if ("form" in result) onChange(result.form);
    input.current?.focus();
  };
  return (
    <Section title="Channel Settings" lead={`Up to ${limit} channels; each hears about every alert that meets the conditions.`}>
      <div className={classes.adder}>
        <TextInput
          ref={input}
          aria-label="Channel"
          placeholder="#alerts or a channel ID"
          spellCheck={false}
          autoCapitalize="none"
          value={form.typedChannel}
          error={refusal ?? fieldErrorWithin(problem, "channels") ?? fieldErrorWithin(slack.problem, "channels")}
          onChange={(event) => {
            setRefusal(null);
            onChange({ ...form, typedChannel: event.currentTarget.value });
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" onClick={add} aria-label="Add channel">
          Add
        </Button>
      </div>
      <ChannelList form={form} onChange={onChange} limit={limit} slack={slack} />
    </Section>
  );
}

function ChannelList({ form, onChange, limit, slack }: Omit<ChannelSettingsProps, "problem">) {
  const remove = (channel: string) => onChange({ ...form, channels: form.channels.filter((other) => other !== channel) });
  return (
    <>
      <Group justify="space-between" mt="md">
        <Text size="sm" fw={550} id="channel-list">
          Channel List
          <Text span c="dimmed" fw={400} className="tabular">
            {" "}
            {form.channels.length} of {limit}
          </Text>
        </Text>
        {form.channels.length > 0 && (
          <Reasoned reason={slack.refusal}>
            <Button variant="subtle" size="compact-sm" onClick={slack.check} disabled={slack.refusal !== null} loading={slack.isPending}>
              Check now
            </Button>
          </Reasoned>
        )}
      </Group>
      {form.channels.length === 0 ? (
        <Text size="sm" c="dimmed" mt={6}>
          No channel is added yet. Enter one above and press Enter.
        </Text>
      ) : (
        <ul className={classes.channels} aria-labelledby="channel-list">
          {form.channels.map((channel) => (
            <li key={channel}>
              <span className={classes.pill}>
                {channel}
                <CloseButton size="xs" radius="xl" aria-label={`Remove ${channel}`} onClick={() => remove(channel)} />
              </span>
              <ChannelState channel={slack.channel(channel)} isPending={slack.isPending} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const states: Record<ReceiverChannel["state"], { tone: Tone; word: string }> = {
  can_post: { tone: "green", word: "Can post" },
  invite_needed: { tone: "amber", word: "Invite needed" },
  archived: { tone: "red", word: "Archived" },
  not_found: { tone: "red", word: "Not found" },
  unknown: { tone: "gray", word: "Unknown" },
};

function ChannelState({ channel, isPending }: { channel: ReceiverChannel | null; isPending: boolean }) {
  if (!channel) return <span className={classes.unchecked}>{isPending ? "Asking Slack …" : "Not checked yet."}</span>;
  const { tone, word } = states[channel.state];
  return (
    <>
      <Dotted tone={channel.paused ? "red" : tone}>{channel.paused ? "Paused" : word}</Dotted>
      <span className={classes.said}>
        {channel.paused?.sentence ?? (channel.state === "can_post" ? "" : channel.sentence)}
        {channel.waiting > 0 && ` ${channel.waiting} waiting.`} {channel.invite && <Invite command={channel.invite} />}
      </span>
    </>
  );
}
