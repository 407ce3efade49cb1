import { Button } from "@mantine/core";

import { useRetryDelivery } from "../../api/deliveries";
import { useWriteRefusal } from "../../api/session";
import type { Delivery } from "../../api/types";
import { Reasoned } from "../../components/Reasoned";
import { toastDone, toastFailed } from "../../components/toast";

/** Tries a delivery now that waits or was given up; nothing for the others. */
export function RetryButton({ delivery }: { delivery: Delivery }) {
  const retry = useRetryDelivery();
  const refusal = useWriteRefusal();
  if (delivery.state !== "dead" && delivery.state !== "waiting") return null;
  const send = () =>
    retry.mutate(delivery.id, {
      onSuccess: () => toastDone(`Trying ${delivery.channel} now.`),
      onError: (error) => toastFailed(error),
    });
  return (
    <Reasoned reason={refusal}>
      <Button size="compact-sm" variant="default" loading={retry.isPending} disabled={refusal !== null} onClick={send}>
        Retry
      </Button>
    </Reasoned>
  );
}
