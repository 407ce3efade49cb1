import { Button, Code, Text } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { tokensQuery, useAddToken, useDeleteToken } from "../../api/access";
import { asProblem } from "../../api/problem";
import type { Role, ServiceToken } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { AddAccessDialog } from "./AddAccessDialog";
import { SecretDialog } from "./SecretDialog";

const columns: Column<ServiceToken>[] = [
  { header: "Name", phone: "title", cell: (token) => <strong>{token.name}</strong> },
  { header: "Role", width: "150px", cell: (token) => token.role },
  { header: "Last used", width: "140px", cell: (token) => (token.last_used_at ? <RelativeTime at={token.last_used_at} /> : "never") },
  {
    header: "Created",
    width: "220px",
    cell: (token) => (
      <>
        <RelativeTime at={token.created_at} /> by {token.created_by}
      </>
    ),
  },
  { header: "Actions", phone: "plain", width: "110px", cell: (token) => <Revoke token={token} /> },
];

const roles: [Role, ...Role[]] = ["viewer", "sender", "platform-admin"];

/** What scripts log in with. */
export default function TokensPage() {
  const { data, error, refetch } = useQuery(tokensQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const add = useAddToken();
  const addButton = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add service token
    </Button>
  );
  return (
    <>
      <PageHeader title="Service tokens" lead={<>For scripts that use Larum&apos;s API, in the header <Code>Authorization: Bearer larum_…</Code></>} actions={addButton} />
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Service tokens"
          columns={columns}
          rows={data?.tokens}
          rowKey={(token) => token.id}
          empty={
            <EmptyState icon={IconKey} title="No service tokens">
              Add one for each script, so that each can be revoked alone.
            </EmptyState>
          }
        />
      )}
      <AddAccessDialog
        opened={adding}
        title="Add service token"
        nameLabel="Name of the script"
        roles={roles}
        lead="viewer reads; sender posts alerts and nothing else, as Prometheus needs it; platform-admin may do everything."
        mutation={add}
        onAdded={({ token, secret }) => setMade({ name: token.name, secret })}
        onClose={() => setAdding(false)}
      />
      <SecretDialog
        opened={made !== null}
        title={`Service token ${made?.name ?? ""}`}
        secret={made?.secret ?? ""}
        lead="Put it where the script keeps its secrets."
        onClose={() => setMade(null)}
      />
    </>
  );
}

function Revoke({ token }: { token: ServiceToken }) {
  const [asked, setAsked] = useState(false);
  const remove = useDeleteToken();
  return (
    <>
      <Button variant="subtle" color="red" size="compact-sm" onClick={() => setAsked(true)} aria-label={`Revoke ${token.name}`}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={asked}
        title={`Revoke ${token.name}?`}
        confirm="Revoke token"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(token.id, { onSuccess: () => setAsked(false) })}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">Scripts that use it are refused from now on.</Text>
      </ConfirmDialog>
    </>
  );
}
