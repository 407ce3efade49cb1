import { ActionIcon, Button, Menu, Select, Text } from "@mantine/core";
import { IconDots, IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAddUser, useChangeRole, useDeleteUser, useResetPassword, usersQuery } from "../../api/access";
import { asProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import type { User, UserRole } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { AddAccessDialog } from "./AddAccessDialog";
import { SecretDialog } from "./SecretDialog";

const roles: [UserRole, ...UserRole[]] = ["viewer", "platform-admin"];
const mayDo = "platform-admin may change everything; viewer may look at everything but these settings.";

/** The local accounts. */
export default function UsersPage() {
  const { data, error, refetch } = useQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<{ name: string; password: string } | null>(null);
  const add = useAddUser();
  const showSecret = (name: string, password: string) => setSecret({ name, password });
  return (
    <>
      <PageHeader
        title="Users"
        lead={mayDo}
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            Add user
          </Button>
        }
      />
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable label="Users" columns={columnsWith(showSecret)} rows={data?.users} rowKey={(user) => user.name} empty={<EmptyState icon={IconUsers} title="No users" />} />
      )}
      <AddAccessDialog
        opened={adding}
        title="Add user"
        nameLabel="Name"
        roles={roles}
        lead={mayDo}
        mutation={add}
        onAdded={(added) => showSecret(added.user.name, added.one_time_password)}
        onClose={() => setAdding(false)}
      />
      <SecretDialog
        opened={secret !== null}
        title={`One-time password for ${secret?.name ?? ""}`}
        secret={secret?.password ?? ""}
        lead="Give it to the user in a safe way. It must be changed at the first login."
        onClose={() => setSecret(null)}
      />
    </>
  );
}

function columnsWith(showSecret: (name: string, password: string) => void): Column<User>[] {
  return [
    { header: "Name", phone: "title", cell: (user) => <UserName user={user} /> },
    { header: "Role", width: "200px", cell: (user) => <RoleSelect user={user} /> },
    { header: "Last login", width: "150px", cell: (user) => (user.last_login_at ? <RelativeTime at={user.last_login_at} /> : "never") },
    { header: "Created", width: "150px", cell: (user) => <RelativeTime at={user.created_at} /> },
    { header: "Actions", phone: "plain", width: "90px", cell: (user) => <UserActions user={user} showSecret={showSecret} /> },
  ];
}

function UserName({ user }: { user: User }) {
  const session = useSession();
  return (
    <>
      <Text span fw={600} size="sm" mr={8}>
        {user.name}
      </Text>
      {user.name === session.user.name && <Tag tone="iris">you</Tag>}{" "}
      {user.must_change_password && <Tag tone="amber">one-time password</Tag>}
    </>
  );
}

function RoleSelect({ user }: { user: User }) {
  const change = useChangeRole();
  return (
    <Select
      aria-label={`Role of ${user.name}`}
      size="xs"
      data={roles}
      value={user.role}
      allowDeselect={false}
      disabled={change.isPending}
      error={change.error ? asProblem(change.error).detail : null}
      onChange={(role) => role && change.mutate({ name: user.name, role: role })}
    />
  );
}

function UserActions({ user, showSecret }: { user: User; showSecret: (name: string, password: string) => void }) {
  const [asked, setAsked] = useState<"reset" | "delete" | null>(null);
  const remove = useDeleteUser();
  const reset = useResetPassword();
  const renew = () =>
    reset.mutate(user.name, {
      onSuccess: (answer) => {
        setAsked(null);
        showSecret(user.name, answer.one_time_password);
      },
    });
  return (
    <>
      <Menu withInitialFocusPlaceholder={false} position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked("reset")}>Reset password</Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setAsked("delete")}>
            Delete user
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asked === "reset"}
        title={`Reset the password of ${user.name}?`}
        confirm="Reset password"
        pending={reset.isPending}
        error={reset.error}
        onConfirm={renew}
        onClose={() => setAsked(null)}
      >
        <Text size="sm">The old password stops working and the user is logged out everywhere at once. You get a one-time password to hand over.</Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "delete"}
        title={`Delete user ${user.name}?`}
        confirm="Delete user"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(user.name, { onSuccess: () => setAsked(null) })}
        onClose={() => setAsked(null)}
      >
        <Text size="sm">The user is logged out everywhere at once.</Text>
      </ConfirmDialog>
    </>
  );
}
