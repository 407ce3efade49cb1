import { Button, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeletePolicy, useSavePolicy } from "../../api/policies";
import type { Policy } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Reasoned } from "../../components/Reasoned";
import { paths } from "../../paths";
import { draftOfPolicy } from "./policy-form";
import { toastUndo } from "./undo";

/** Deletes a custom policy; it can be made again for a short while. */
export function DeletePolicy({ policy, refusal }: { policy: Policy; refusal: string | null }) {
  const [asked, setAsked] = useState(false);
  const remove = useDeletePolicy();
  const again = useSavePolicy();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(policy, {
      onSuccess: () => {
        toastUndo(`deleted-${policy.id}`, `${policy.name} is deleted.`, () => again.mutateAsync({ saved: null, draft: draftOfPolicy(policy) }));
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
