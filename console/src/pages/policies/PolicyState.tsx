import { Text } from "@mantine/core";

import type { Policy } from "../../api/types";
import { RelativeTime } from "../../components/RelativeTime";
import { Dotted, Tag } from "../../components/Tag";
import { healthWords, stateWords } from "./words";

/** What a policy says now, with how many alerts. */
export function PolicyState({ policy }: { policy: Policy }) {
  const { tone, word } = stateWords[policy.state];
  const { firing, pending } = policy.alerts;
  const count = policy.state === "firing" ? firing : policy.state === "pending" ? pending : 0;
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
  if (!enabled) {
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
        <Text size="xs" c="var(--red-text)" mt={2} lineClamp={3} title={health.error}>
          {health.error}
        </Text>
      )}
    </div>
  );
}
