import { Button, Code, Group, Modal, Text } from "@mantine/core";

import { CopyIcon } from "../../components/CopyButton";

interface SecretDialogProps {
  opened: boolean;
  title: string;
  secret: string;
  lead: string;
  onClose: () => void;
}

/** A secret that is shown once; closing it by accident must not be easy. */
export function SecretDialog({ opened, title, secret, lead, onClose }: SecretDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Text size="sm" mb="sm">
        {lead} It is shown only now.
      </Text>
      <Group gap="xs" wrap="nowrap" mb="lg">
        <Code block className="wrap-anywhere" style={{ flex: 1, whiteSpace: "pre-wrap" }}>
          {secret}
        </Code>
        <CopyIcon value={secret} what="it" />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Modal>
  );
}
