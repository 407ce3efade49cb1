import { Button, Center, Group, Text } from "@mantine/core";
import { IconFilterOff, IconSend } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { deliveriesQuery } from "../../api/deliveries";
import { asProblem } from "../../api/problem";
import { useIsAlertmanager } from "../../api/session";
import type { Delivery } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterChips } from "../../components/FilterChips";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { paths, type DeliveriesSearch } from "../../paths";
import { DeliveryFilters } from "./DeliveryFilters";
import { RetryButton } from "./RetryButton";
import { states, stateWords } from "./words";

/** What was sent where and when, what waits and behind what, what failed and why. */
export default function DeliveriesPage() {
  const search = useSearch({ from: "/deliveries" });
  const { deliveryId } = useParams({ strict: false });
  const navigate = useNavigate();
  const receiver = Number(search.receiver) || undefined;
  const log = useInfiniteQuery(deliveriesQuery({ state: search.state, channel: search.channel, receiver }));
  const change = (patch: DeliveriesSearch) => void navigate({ ...paths.deliveries({ ...search, ...patch }), replace: true });
  const counts = log.data?.pages[0]?.counts;

  return (
    <>
      <PageHeader title="Deliveries" lead="Each message for each channel, from the decision to the answer." />
      <Group gap="sm" mb="md">
        <DeliveryFilters search={search} onChange={change} />
        <FilterChips label="State" options={states} value={search.state} counts={counts} onChange={(state) => change({ state })} />
      </Group>
      {log.error && !log.data ? (
        <ErrorState problem={asProblem(log.error)} onRetry={() => void log.refetch()} />
      ) : (
        <DataTable
          label="Deliveries"
          columns={columnsWith(search)}
          rows={log.data?.pages.flatMap((page) => page.deliveries)}
          rowKey={(delivery) => delivery.id}
          tone={(delivery) => stateWords[delivery.state].tone}
          isSelected={(delivery) => delivery.id === deliveryId}
          empty={<NoDeliveries isFiltered={Object.keys(search).length > 0} />}
        />
      )}
      {log.hasNextPage && (
        <Center mt="md">
          <Button variant="default" onClick={() => void log.fetchNextPage()} loading={log.isFetchingNextPage}>
            Show older
          </Button>
        </Center>
      )}
      <Outlet />
    </>
  );
}

function columnsWith(search: DeliveriesSearch): Column<Delivery>[] {
  return [
    { header: "Message", phone: "title", cell: (delivery) => <Headline delivery={delivery} search={search} /> },
    { header: "State", width: "26%", phone: "title", cell: (delivery) => <State delivery={delivery} /> },
    { header: "Channel", width: "15%", cell: (delivery) => <Channel delivery={delivery} /> },
    { header: "When", width: "130px", cell: (delivery) => <RelativeTime at={delivery.finished_at ?? delivery.planned_at} /> },
    { header: "Actions", phone: "plain", width: "100px", cell: (delivery) => <RetryButton delivery={delivery} /> },
  ];
}

function Headline({ delivery, search }: { delivery: Delivery; search: DeliveriesSearch }) {
  return (
    <>
      <Link {...paths.delivery(delivery.id, search)} resetScroll={false} data-row-link className="two-lines">
        {delivery.headline}
      </Link>
      <Text size="xs" c="dimmed" mt={2}>
        {delivery.reason}
      </Text>
    </>
  );
}

function State({ delivery }: { delivery: Delivery }) {
  const { tone, word } = stateWords[delivery.state];
  // What went wrong before it was delivered is past; its page has it.
  const why = delivery.state === "delivered" ? null : (delivery.waits_for ?? delivery.error);
  return (
    <>
      <Tag tone={tone}>{word}</Tag> {delivery.possible_duplicate && <Tag tone="gray">possibly twice</Tag>}
      {why && (
        <Text size="xs" mt={4} c={delivery.state === "dead" ? "var(--red-text)" : "dimmed"} lineClamp={2}>
          {why}
        </Text>
      )}
    </>
  );
}

function Channel({ delivery }: { delivery: Delivery }) {
  return (
    <div>
      <span className="two-lines" title={delivery.channel}>
        {delivery.channel}
      </span>
      <Text size="xs" c="dimmed">
        {delivery.receiver.name}
      </Text>
    </div>
  );
}

function NoDeliveries({ isFiltered }: { isFiltered: boolean }) {
  const isAlertmanager = useIsAlertmanager();
  if (isFiltered) {
    return (
      <EmptyState icon={IconFilterOff} title="No delivery matches" action={<ButtonLink link={paths.deliveries()} variant="default">Clear the filter</ButtonLink>}>
        There is nothing with these states, receivers and channels.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconSend} title="Nothing was sent yet" action={<ButtonLink link={paths.alerts()} variant="default">See the alerts</ButtonLink>}>
      {isAlertmanager ? "As soon as a group of alerts has its first turn, its messages appear here." : "As soon as an alert fires that a receiver lets through, its messages appear here. Test messages do not."}
    </EmptyState>
  );
}
