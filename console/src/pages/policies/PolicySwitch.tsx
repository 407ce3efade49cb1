import { Switch } from "@mantine/core";

import { useSwitchPolicy } from "../../api/policies";
import { useWriteRefusal } from "../../api/session";
import type { Policy } from "../../api/types";
import { Reasoned } from "../../components/Reasoned";
import { toastFailed } from "../../components/toast";

/** Switches a policy on or off at once; its alerts are resolved when it goes off. */
export function PolicySwitch({ policy, label }: { policy: Policy; label?: string }) {
  const switching = useSwitchPolicy();
  const refusal = useWriteRefusal();
  const change = (enabled: boolean) =>
    switching.mutate({ policy, enabled }, { onError: (error) => toastFailed(error, policy.name) });
  return (
    <Reasoned reason={refusal}>
      <Switch
        label={label}
        aria-label={label ? undefined : `Enable ${policy.name}`}
        checked={switching.isPending ? switching.variables.enabled : policy.enabled}
        disabled={refusal !== null}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </Reasoned>
  );
}
