import { Button } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";

import { useChangePolicies, useEditBuiltin } from "../../api/policies";
import type { Policy } from "../../api/types";
import { Reasoned } from "../../components/Reasoned";
import { toastFailed } from "../../components/toast";
import { builtinAsBefore, changedOf, doneWords, refusedWords } from "./bulk";
import { toastUndo } from "./undo";

/** Sets a built-in policy back to how it comes; that can be taken back for a short while. */
export function ResetPolicy({ policy, refusal }: { policy: Policy; refusal: string | null }) {
  const change = useChangePolicies();
  const edit = useEditBuiltin();
  const why = refusal ?? (policy.builtin?.edited ? null : "Nothing about it was changed.");
  const reset = () =>
    change.mutate(
      { action: "reset", policies: [policy] },
      {
        onSuccess: (answer) => {
          const [changed] = changedOf([policy], answer);
          for (const words of refusedWords([policy], answer)) toastFailed(new Error(words));
          if (changed) toastUndo(`reset-${policy.id}`, doneWords("reset", 1), () => edit.mutateAsync({ id: policy.id, update: builtinAsBefore(changed) }));
        },
        onError: (error) => toastFailed(error, policy.name),
      },
    );
  return (
    <Reasoned reason={why}>
      <Button variant="default" leftSection={<IconRestore size={16} />} disabled={why !== null} loading={change.isPending} onClick={reset}>
        Reset
      </Button>
    </Reasoned>
  );
}
