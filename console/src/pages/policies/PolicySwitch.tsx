import { Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { useSwitchPolicy } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy } from "../../api/types";
import { Reasoned } from "../../components/Reasoned";

/** Switches a policy on or off at once; its alerts are resolved when it goes off. */
export function PolicySwitch({ policy, label }: { policy: Policy; label?: string }) {
  const switching = useSwitchPolicy();
  const refusal = useWriteRefusal();
  const change = (enabled: boolean) =>
    switching.mutate(
      { policy, enabled },
      {
        onSuccess: () => notifications.show({ message: `${policy.name} is ${enabled ? "enabled" : "disabled"}.` }),
        onError: (error) => notifications.show({ color: "red", title: policy.name, message: asProblem(error).detail }),
      },
    );
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
