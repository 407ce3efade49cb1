import { Button, Group, Modal, Text } from "@mantine/core";

import { RelativeTime } from "./RelativeTime";

interface ConflictDialogProps {
  /** What was edited, such as `receiver`. */
  what: string;
  /** Who saved the other version, and when. */
  by: string | null;
  at: string | null;
  onTheirs: () => void;
  onMine: () => void;
  onClose: () => void;
}

/** Somebody else saved while this form was open: whose version counts? */
export function ConflictDialog({ what, by, at, onTheirs, onMine, onClose }: ConflictDialogProps) {
  return (
    <Modal opened onClose={onClose} title={`This ${what} was changed meanwhile`} centered>
      <Text size="sm" mb="lg">
        <strong>{by ?? "Somebody"}</strong> saved another version {at && <RelativeTime at={at} />}. Load that version and lose
        what you typed, or keep yours and overwrite it.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onTheirs} data-autofocus>
          Load theirs
        </Button>
        <Button color="red" onClick={onMine}>
          Keep mine and overwrite
        </Button>
      </Group>
    </Modal>
  );
}
