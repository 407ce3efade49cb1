import { Text } from "@mantine/core";

import { useAlertingOff } from "../../api/status";
import type { Policy } from "../../api/types";
import { RelativeTime } from "../../components/RelativeTime";
import { StateTag } from "../../components/states";
import { Dotted } from "../../components/Tag";
import { healthWords } from "./words";

/** What a policy says now, with how many alerts. */
export function PolicyState({ policy }: { policy: Policy }) {
  const isOff = useAlertingOff();
  const { firing, pending } = policy.alerts;
  const count = policy.state === "firing" ? firing : policy.state === "pending" ? pending : 0;
  if (isOff && policy.enabled) return <StateTag state="alerting_off" />;
  return <StateTag state={policy.state}>{count > 1 && <span className="tabular">{count}</span>}</StateTag>;
}

/** How its evaluation goes, with the last error and when that was. */
export function PolicyHealth({ policy }: { policy: Policy }) {
  const { health, enabled } = policy;
  const isOff = useAlertingOff();
  if (!enabled || isOff) {
    return (
      <Text span size="sm" c="dimmed">
        not evaluated
      </Text>
    );
  }
  const { tone, word } = healthWords[health.state];
  return (
    <div>
      <Dotted tone={tone}>
        {word}
        {health.last_evaluation && (
          <Text span size="sm" c="dimmed">
            {" · "}
            <RelativeTime at={health.last_evaluation} />
          </Text>
        )}
      </Dotted>
      {health.error && (
        <Text size="xs" c={health.state === "error" ? "var(--red-text)" : "dimmed"} mt={2} lineClamp={2} title={health.error}>
          {health.error}
        </Text>
      )}
    </div>
  );
}
