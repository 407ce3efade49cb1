import { Button, Group, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeleteReceiver } from "../../../api/receivers";
import type { Receiver } from "../../../api/types";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { toastDone } from "../../../components/toast";
import { paths } from "../../../paths";

/** Deletes a receiver, after a question that says what is lost. */
export function DeleteReceiver({ receiver }: { receiver: Receiver }) {
  const [asked, setAsked] = useState(false);
  const remove = useDeleteReceiver();
  const navigate = useNavigate();
  const waiting = receiver.channels.reduce((sum, channel) => sum + channel.waiting, 0);
  const confirm = () =>
    remove.mutate(receiver, {
      onSuccess: () => {
        toastDone(`Receiver ${receiver.name} is deleted.`);
        void navigate({ ...paths.slack(), ignoreBlocker: true });
      },
    });
  return (
    <Group justify="flex-end">
      <Button variant="subtle" color="red" onClick={() => setAsked(true)}>
        Delete receiver
      </Button>
      <ConfirmDialog
        opened={asked}
        title={`Delete receiver ${receiver.name}?`}
        confirm="Delete receiver"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={confirm}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">
          Its token is forgotten and its {receiver.channels.length === 1 ? "channel" : `${receiver.channels.length} channels`} will
          no longer be told. {waiting > 0 && `${waiting} waiting messages are cancelled. `}
          To stop for a while only, turn off Receive Notifications instead.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
