import { Text } from "@mantine/core";

import { useAlertingOff } from "../../api/status";
import type { Policy } from "../../api/types";
import { RelativeTime } from "../../components/RelativeTime";
import { Dotted, Tag } from "../../components/Tag";
import { healthWords, stateWords } from "./words";

/** What a policy says now, with how many alerts. */
export function PolicyState({ policy }: { policy: Policy }) {
  const isOff = useAlertingOff();
  const { tone, word } = stateWords[policy.state];
  const { firing, pending } = policy.alerts;
  const count = policy.state === "firing" ? firing : policy.state === "pending" ? pending : 0;
  if (isOff && policy.enabled) return <Tag tone="gray">Alerting off</Tag>;
  return (
    <Tag tone={tone}>
      {word}
      {count > 1 && <span className="tabular">{count}</span>}
    </Tag>
  );
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
