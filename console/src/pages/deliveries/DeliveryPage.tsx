import { Anchor, Code, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconClockPause, IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { deliveryQuery } from "../../api/deliveries";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { DeliveryDetail } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Labels } from "../../components/Labels";
import { Notice } from "../../components/Notice";
import { RelativeTime, Since } from "../../components/RelativeTime";
import { capitalised } from "../../components/severity";
import { SidePanel } from "../../components/SidePanel";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import { formattedJson, messageOf } from "./message";
import { MessagePreview } from "./MessagePreview";
import { RetryButton } from "./RetryButton";
import { stateWords } from "./words";

/** One delivery beside the log: what became of it, and the exact message. */
export default function DeliveryPage() {
  const { deliveryId } = useParams({ from: "/deliveries/$deliveryId" });
  const search = useSearch({ from: "/deliveries" });
  const navigate = useNavigate();
  const { data: delivery, error, refetch } = useQuery(deliveryQuery(deliveryId));
  const close = () => void navigate({ ...paths.deliveries(search), resetScroll: false });
  return (
    <SidePanel title={delivery?.headline ?? "Delivery"} name={delivery?.headline ?? "Delivery"} onClose={close}>
      {delivery && <Details delivery={delivery} />}
      {!delivery && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!delivery && !error && <Skeleton height={240} />}
    </SidePanel>
  );
}

function Details({ delivery }: { delivery: DeliveryDetail }) {
  const { tone, word, meaning } = stateWords[delivery.state];
  const message = messageOf(delivery.message);
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Tag tone={tone}>{word}</Tag>
          <Text size="sm" c="dimmed">
            {meaning}
          </Text>
        </Group>
        <RetryButton delivery={delivery} />
      </Group>
      {delivery.waits_for && <Waiting delivery={delivery} />}
      {delivery.error && delivery.state !== "delivered" && !delivery.paused_since && (
        <Notice tone="red" icon={IconAlertTriangle} title={delivery.error}>
          {delivery.advice ?? "Larum knows no advice for this."}
        </Notice>
      )}
      {message && <MessagePreview message={message} />}
      <Facts facts={factsOf(delivery)} />
      <div>
        <Text component="h3" size="sm" fw={650} mt={0} mb={8}>
          Message as it is sent
        </Text>
        <CodeBlock text={formattedJson(delivery.message)} what="message" />
      </div>
    </Stack>
  );
}

/** What it waits for, and where to see or do something about that. */
function Waiting({ delivery }: { delivery: DeliveryDetail }) {
  const search = useSearch({ from: "/deliveries" });
  const refusal = useWriteRefusal();
  const { waits_for, waits_behind, paused_since, receiver, error } = delivery;
  return (
    <Notice tone="amber" icon={IconClockPause} title="Waits">
      <div>{capitalised(waits_for ?? "")}</div>
      {waits_behind && (
        <Link {...paths.delivery(waits_behind, search)} resetScroll={false}>
          See the one before it
        </Link>
      )}
      {paused_since && (
        <div>
          Paused for <Since at={paused_since} />{error && <>, because of <code>{error}</code></>}. {!refusal && <Link {...(receiver.in_file ? paths.routing() : paths.receiver(receiver.id))}>Open the receiver</Link>}
        </div>
      )}
    </Notice>
  );
}

function factsOf(delivery: DeliveryDetail): [string, ReactNode][] {
  const hasLabels = Object.keys(delivery.group.labels).length > 0;
  return [
    ["Channel", delivery.channel],
    ["Receiver", delivery.receiver.name],
    ["Reason", delivery.reason],
    ["Group", hasLabels ? <Labels key="group" labels={delivery.group.labels} /> : "all alerts"],
    ["Turn", delivery.turn],
    ["Planned", <RelativeTime key="planned" at={delivery.planned_at} />],
    ["Finished", delivery.finished_at && <RelativeTime at={delivery.finished_at} />],
    ["Attempts", delivery.attempts],
    ["Last refusal", delivery.state === "delivered" && delivery.error && <Code key="error">{delivery.error}</Code>],
    ["Template", delivery.template_error && <Code key="template">{delivery.template_error}</Code>],
    ["Duplicate", delivery.possible_duplicate ? "Possibly: an earlier answer of Slack was never read, so it was sent again." : null],
    ["Alerts", delivery.alerts.length > 0 && <AlertLinks key="alerts" ids={delivery.alerts} />],
    [
      "In Slack",
      delivery.permalink && (
        <Anchor href={delivery.permalink} target="_blank" rel="noreferrer" size="sm">
          Open the message <IconExternalLink size={13} />
        </Anchor>
      ),
    ],
  ];
}

/** How many alerts are linked one by one; a group can have thousands. */
const MOST_LINKS = 10;

function AlertLinks({ ids }: { ids: string[] }) {
  const rest = ids.length - MOST_LINKS;
  return (
    <Group gap={8}>
      {ids.slice(0, MOST_LINKS).map((id) => (
        <Link key={id} {...paths.alert(id)}>
          {id}
        </Link>
      ))}
      {rest > 0 && `and ${rest} more`}
    </Group>
  );
}
