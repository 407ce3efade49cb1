import { Modal } from "@mantine/core";

import { toastDone } from "../components/toast";
import { PasswordForm } from "../pages/login/PasswordForm";

/** Changing the own password at any time. */
export function ChangePasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const done = () => {
    onClose();
    toastDone("Your password is changed.");
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Change password" centered>
      <PasswordForm currentLabel="Current password" onDone={done} />
    </Modal>
  );
}
