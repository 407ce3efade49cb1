import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { useRetryDelivery } from "../../api/deliveries";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Delivery } from "../../api/types";
import { Reasoned } from "../../components/Reasoned";

/** Tries a delivery now that waits or was given up; nothing for the others. */
export function RetryButton({ delivery }: { delivery: Delivery }) {
  const retry = useRetryDelivery();
  const refusal = useWriteRefusal();
  if (delivery.state !== "dead" && delivery.state !== "waiting") return null;
  const send = () =>
    retry.mutate(delivery.id, {
      onSuccess: () => notifications.show({ message: `Trying ${delivery.channel} now.` }),
      onError: (error) => notifications.show({ color: "red", message: asProblem(error).detail }),
    });
  return (
    <Reasoned reason={refusal}>
      <Button size="compact-sm" variant="default" loading={retry.isPending} disabled={refusal !== null} onClick={send}>
        Retry
      </Button>
    </Reasoned>
  );
}
