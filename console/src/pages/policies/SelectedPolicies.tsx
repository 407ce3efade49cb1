import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { exportAddress, useChangePolicies, useEditBuiltin, useSavePolicy } from "../../api/policies";
import { useWriteRefusal } from "../../api/session";
import type { Policy, PolicyAction } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Reasoned } from "../../components/Reasoned";
import { toastDone, toastFailed } from "../../components/toast";
import { builtinAsBefore, changedOf, doneWords, refusedWords, type Changed } from "./bulk";
import { draftOfPolicy } from "./policy-form";
import type { Tab } from "./policy-list";
import { toastUndo } from "./undo";
import classes from "./Policies.module.css";

interface SelectedPoliciesProps {
  policies: Policy[];
  tab: Tab;
  onClear: () => void;
}

/** What can be done to the policies that are chosen in the list; each change can be taken back. */
export function SelectedPolicies({ policies, tab, onClear }: SelectedPoliciesProps) {
  const [asked, setAsked] = useState(false);
  const change = useChangePolicies();
  const undo = useUndo();
  const refusal = useWriteRefusal();
  const act = (action: PolicyAction) =>
    change.mutate(
      { action, policies },
      {
        onSuccess: (answer) => {
          const changed = changedOf(policies, answer);
          for (const words of refusedWords(policies, answer)) toastFailed(new Error(words));
          if (changed.length > 0) toastUndo(`${action}-${policies.map(({ id }) => id).join()}`, doneWords(action, changed.length), () => undo(action, changed));
          else if (answer.done > 0) toastDone("There was nothing to change.");
          setAsked(false);
          onClear();
        },
        onError: (error) => action !== "delete" && toastFailed(error),
      },
    );
  const button = (label: string, action: () => void) => (
    <Reasoned reason={refusal} key={label}>
      <Button size="sm" variant="default" disabled={refusal !== null || change.isPending} onClick={action}>
        {label}
      </Button>
    </Reasoned>
  );
  const count = policies.length;
  return (
    <div className={classes.selected} role="region" aria-label="Selected policies">
      <Text size="sm" fw={600} aria-live="polite">{count} selected</Text>
      <Group gap="xs">
        {tab !== "rule_file" && [button("Enable", () => act("enable")), button("Disable", () => act("disable"))]}
        {tab === "builtin" && button("Reset", () => act("reset"))}
        {tab === "custom" && button("Delete", () => setAsked(true))}
        <Button size="sm" variant="default" component="a" href={exportAddress(policies)} download="larum-policies.yaml" leftSection={<IconDownload size={15} />}>
          Export
        </Button>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Clear the selection" onClick={onClear}>
          <IconX size={18} />
        </ActionIcon>
      </Group>
      <ConfirmDialog
        opened={asked}
        title={`Delete ${count === 1 ? policies[0]?.name : `${count} policies`}?`}
        confirm="Delete"
        pending={change.isPending}
        error={change.error}
        onConfirm={() => act("delete")}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">Their alerts are resolved with the reason that the policy was deleted.</Text>
      </ConfirmDialog>
    </div>
  );
}

/** Makes policies as they were before an action. */
function useUndo() {
  const change = useChangePolicies();
  const save = useSavePolicy();
  const edit = useEditBuiltin();
  return async (action: PolicyAction, changed: Changed[]): Promise<void> => {
    switch (action) {
      case "enable":
      case "disable":
        await change.mutateAsync({ action: action === "enable" ? "disable" : "enable", policies: changed.map(({ before, after }) => after ?? before) });
        return;
      case "delete":
        await Promise.all(changed.map(({ before }) => save.mutateAsync({ saved: null, draft: draftOfPolicy(before) })));
        return;
      case "reset":
        await Promise.all(changed.map((one) => edit.mutateAsync({ id: one.before.id, update: builtinAsBefore(one) })));
        return;
    }
  };
}
