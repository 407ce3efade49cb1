import { IconBrandSlack, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Receiver } from "../../../api/types";
import { ButtonLink } from "../../../components/ButtonLink";
import { DataTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { PageHeader } from "../../../components/PageHeader";
import { Tag } from "../../../components/Tag";
import { paths } from "../../../paths";

const columns: Column<Receiver>[] = [
  {
    header: "Name",
    phone: "title",
    cell: (receiver) => (
      <Link {...paths.receiver(receiver.id)} data-row-link>
        {receiver.name}
      </Link>
    ),
  },
  { header: "Workspace", cell: (receiver) => receiver.token.workspace ?? "not checked yet" },
  { header: "Channels", cell: (receiver) => receiver.channels.map(({ name }) => name).join(", ") },
  { header: "Conditions", width: "30%", cell: (receiver) => receiver.sentence },
  { header: "Receive Notifications", width: "190px", cell: (receiver) => <ReceiverState receiver={receiver} /> },
];

/** Several receivers: what each is for, and whether it works. */
export function ReceiverList({ receivers }: { receivers: Receiver[] }) {
  return (
    <>
      <PageHeader
        title="Slack"
        lead="Each receiver tells its own channels about the alerts that meet its conditions."
        actions={
          <ButtonLink link={paths.newReceiver()} leftSection={<IconPlus size={16} />}>
            Add receiver
          </ButtonLink>
        }
      />
      <DataTable
        label="Slack receivers"
        columns={columns}
        rows={receivers}
        rowKey={(receiver) => receiver.id}
        empty={<EmptyState icon={IconBrandSlack} title="No receivers" />}
      />
    </>
  );
}

function ReceiverState({ receiver }: { receiver: Receiver }) {
  const paused = receiver.channels.filter((channel) => channel.paused).length;
  if (!receiver.enabled) return <Tag tone="gray">Off</Tag>;
  if (receiver.token.state === "refused") return <Tag tone="red">Token refused</Tag>;
  if (paused > 0) return <Tag tone="amber">{paused === 1 ? "1 channel paused" : `${paused} channels paused`}</Tag>;
  return <Tag tone="green">On</Tag>;
}
