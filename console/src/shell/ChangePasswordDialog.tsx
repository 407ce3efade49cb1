import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { PasswordForm } from "../pages/login/PasswordForm";

/** Changing the own password at any time. */
export function ChangePasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const done = () => {
    onClose();
    notifications.show({ color: "green", message: "Your password is changed." });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Change password" centered>
      <PasswordForm currentLabel="Current password" onDone={done} />
    </Modal>
  );
}
