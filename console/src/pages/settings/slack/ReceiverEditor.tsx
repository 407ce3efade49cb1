import { Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { asProblem } from "../../../api/problem";
import { useSaveReceiver } from "../../../api/receivers";
import type { Receiver } from "../../../api/types";
import { ButtonLink } from "../../../components/ButtonLink";
import { PageHeader } from "../../../components/PageHeader";
import { Saving } from "../../../components/Saving";
import { toastDone } from "../../../components/toast";
import { paths } from "../../../paths";
import { ChannelSettings } from "./ChannelSettings";
import { DeleteReceiver } from "./DeleteReceiver";
import { LoopbackWarning } from "./LoopbackWarning";
import { NotificationConditions } from "./NotificationConditions";
import { NameSection, ReceiveNotifications } from "./ReceiverSections";
import { draftOf, formOf, isChanged, newForm } from "./receiver-form";
import { SendTestMessage } from "./SendTestMessage";
import { ServerSettings } from "./ServerSettings";
import { TokenGuide } from "./TokenGuide";
import { useSlackCheck } from "./use-slack-check";

interface ReceiverEditorProps {
  /** The receiver as stored now, or null for a new one. */
  saved: Receiver | null;
  channelLimit: number;
  /** The other receivers. */
  siblings: Receiver[];
  /** What stands on the same page and is none of this receiver. */
  below?: ReactNode;
}

/** A receiver with everything that can be set. Nothing applies before *Save* or *Update*. */
export function ReceiverEditor({ saved, channelLimit, siblings, below }: ReceiverEditorProps) {
  const { base, form, setForm, startFrom, changed } = useForm(saved, siblings.length === 0);
  const slack = useSlackCheck(form, base);
  const save = useSaveReceiver();
  const navigate = useNavigate();
  const problem = save.error ? asProblem(save.error) : null;

  const submit = (over: Receiver | null) =>
    save.mutate(
      { saved: over, draft: draftOf(form) },
      {
        onSuccess: (stored) => {
          startFrom(stored);
          toastDone(savedWords(base === null, stored));
          if (!base) void navigate({ ...(siblings.length === 0 ? paths.slack() : paths.receiver(stored.id)), ignoreBlocker: true });
        },
      },
    );
  // What was refused is being mended: the refusal has been read.
  const edit: typeof setForm = (next) => {
    if (save.isError) save.reset();
    setForm(next);
  };
  const theirs = (receiver: Receiver) => {
    startFrom(receiver);
    save.reset();
  };
  const discard = () => {
    save.reset();
    if (base) startFrom(base);
    else void navigate({ ...paths.slack(), ignoreBlocker: true });
  };

  return (
    <>
      <PageHeader
        {...(!base || siblings.length > 0 ? { up: { link: paths.slack(), name: "Slack" } } : {})}
        title={base ? base.name : "Add receiver"}
        lead={base ? base.sentence : "A Slack workspace with the channels that hear about alerts."}
        actions={
          base && siblings.length === 0 ? (
            <ButtonLink link={paths.newReceiver()} variant="default" leftSection={<IconPlus size={16} />}>
              Add receiver
            </ButtonLink>
          ) : null
        }
      />
      <Stack gap="md">
        <LoopbackWarning />
        <TokenGuide startsOpen={!base?.token.hint} />
        <NameSection form={form} onChange={edit} problem={problem} />
        <ServerSettings form={form} saved={base} onChange={edit} problem={problem} slack={slack} />
        <ChannelSettings form={form} onChange={edit} limit={channelLimit} problem={problem} slack={slack} />
        <NotificationConditions form={form} onChange={edit} problem={problem} />
        <SendTestMessage form={form} saved={base} />
        <ReceiveNotifications form={form} onChange={edit} saved={base} />
        {base && <DeleteReceiver receiver={base} />}
        {below}
      </Stack>
      <Saving what="receiver" base={base} changed={changed} save={save} onSave={submit} onTheirs={theirs} onCancel={base || siblings.length > 0 ? discard : undefined} />
    </>
  );
}

/** The form and what it started from. A version stored meanwhile is taken over unless something was typed. */
function useForm(saved: Receiver | null, isFirst: boolean) {
  const [base, setBase] = useState(saved);
  const [blank] = useState(() => newForm(isFirst ? "Slack" : ""));
  const [form, setForm] = useState(() => (saved ? formOf(saved) : blank));
  const changed = isChanged(form, base ? formOf(base) : blank);
  const startFrom = (receiver: Receiver) => {
    setBase(receiver);
    setForm(formOf(receiver));
  };
  const isNewer = saved !== null && base !== null && saved !== base && saved.version >= base.version;
  if (isNewer && !changed) startFrom(saved);
  // The same version again brings news of its channels, which is not part of the form.
  else if (isNewer && saved.version === base.version) setBase(saved);
  return { base, form, setForm, startFrom, changed };
}

function savedWords(isNew: boolean, receiver: Receiver): string {
  if (!isNew) return "Updated. The next notification uses the new settings.";
  return receiver.enabled ? "Saved." : "Saved. Turn on Receive Notifications when you are ready.";
}
