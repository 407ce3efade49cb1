import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconKey, IconLogout } from "@tabler/icons-react";
import { useState } from "react";

import { useLogOut, useSession } from "../api/session";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { showShortcuts } from "./Shortcuts";
import classes from "./Shell.module.css";

/** Who is logged in; changing the password and logging out. Where nobody logs in, only what is left of that. */
export function UserMenu() {
  const { mode, user } = useSession();
  const logsIn = mode === "serve";
  const logOut = useLogOut();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Menu withinPortal={false} withInitialFocusPlaceholder={false} position="bottom-end" width={220} shadow="md">
        <Menu.Target>
          <UnstyledButton aria-label={`User ${user.name}`} className={classes.user}>
            <Avatar color="iris" size={28} radius="xl" />
            <span className={classes.word}>{user.name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
              {user.name}
            </Text>
            {logsIn ? user.role : "Nobody logs in here: everybody may do everything."}
          </Menu.Label>
          <Menu.Divider />
          {logsIn && (
            <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>
              Change password
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={showShortcuts}>
            Keyboard shortcuts
          </Menu.Item>
          {logsIn && (
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => logOut.mutate()}>
              Log out
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ChangePasswordDialog opened={changing} onClose={() => setChanging(false)} />
    </>
  );
}
