import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { toast, toastFailed } from "../../components/toast";

/** Milliseconds in which a change can be taken back with one click. */
const UNDO_WITHIN = 10_000;

/** Says what was done, with a button that takes it back. */
export function toastUndo(id: string, message: string, undo: () => Promise<unknown>): void {
  const takeBack = () => {
    notifications.hide(id);
    undo().catch((error: unknown) => toastFailed(error, "Undo"));
  };
  toast({
    id,
    autoClose: UNDO_WITHIN,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button size="compact-sm" variant="light" onClick={takeBack}>
          Undo
        </Button>
      </Group>
    ),
  });
}
