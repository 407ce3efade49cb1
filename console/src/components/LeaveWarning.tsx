import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

/** Asks before a page with unsaved changes is left, by a link or by closing the tab. */
export function LeaveWarning({ when }: { when: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: () => when, enableBeforeUnload: () => when, withResolver: true });
  const isBlocked = blocker.status === "blocked";
  return (
    <Modal opened={isBlocked} onClose={() => isBlocked && blocker.reset()} title="Leave without saving?" centered>
      <Text size="sm" mb="lg">
        Your changes on this page are not saved and will be lost.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => isBlocked && blocker.reset()} data-autofocus>
          Stay
        </Button>
        <Button color="red" onClick={() => isBlocked && blocker.proceed()}>
          Leave
        </Button>
      </Group>
    </Modal>
  );
}
