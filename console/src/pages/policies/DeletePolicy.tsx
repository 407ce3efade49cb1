import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeletePolicy, useSavePolicy } from "../../api/policies";
import type { Policy } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Reasoned } from "../../components/Reasoned";
import { toast, toastFailed } from "../../components/toast";
import { paths } from "../../paths";
import { draftOfPolicy } from "./policy-form";

/** Milliseconds in which a deleted policy can be made again with one click. */
const UNDO_WITHIN = 10_000;

/** Deletes a custom policy; it can be made again for a short while. */
export function DeletePolicy({ policy, refusal }: { policy: Policy; refusal: string | null }) {
  const [asked, setAsked] = useState(false);
  const remove = useDeletePolicy();
  const again = useSavePolicy();
  const navigate = useNavigate();
  const offerUndo = () => {
    const id = `deleted-${policy.id}`;
    const draft = draftOfPolicy(policy);
    const undo = () => {
      notifications.hide(id);
      if (!draft) return;
      again.mutateAsync({ saved: null, draft }).catch((error: unknown) => toastFailed(error, policy.name));
    };
    toast({ id, autoClose: UNDO_WITHIN, message: <Deleted name={policy.name} onUndo={draft ? undo : null} /> });
  };
  const confirm = () =>
    remove.mutate(policy, {
      onSuccess: () => {
        offerUndo();
        void navigate(paths.policies());
      },
    });
  return (
    <>
      <Reasoned reason={refusal}>
        <Button variant="default" disabled={refusal !== null} onClick={() => setAsked(true)}>
          Delete
        </Button>
      </Reasoned>
      <ConfirmDialog
        opened={asked}
        title={`Delete policy ${policy.name}?`}
        confirm="Delete policy"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={confirm}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">Its alerts are resolved with the reason that the policy was deleted.</Text>
      </ConfirmDialog>
    </>
  );
}

function Deleted({ name, onUndo }: { name: string; onUndo: (() => void) | null }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{name} is deleted.</span>
      {onUndo && (
        <Button size="compact-sm" variant="light" onClick={onUndo}>
          Undo
        </Button>
      )}
    </Group>
  );
}
