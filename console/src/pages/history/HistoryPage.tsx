import { Button, Center, Group, Text } from "@mantine/core";
import { IconArrowRight, IconFilterOff, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { historyQuery, type HistoryFilter } from "../../api/history";
import { asProblem } from "../../api/problem";
import { useIsAlertmanager } from "../../api/session";
import type { HistoryEntry } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { matchersOf } from "../../components/matchers";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { StateTag, stateWords } from "../../components/states";
import { duration } from "../../components/time";
import { paths, type HistorySearch } from "../../paths";
import { HistoryFilters } from "./HistoryFilters";
import { periodOf, subjectOf, whyOf } from "./words";

/** Every change of state of every alert and policy: when, what, from what to what, for how long, and why. */
export default function HistoryPage() {
  const search = useSearch({ from: "/history" });
  const navigate = useNavigate();
  const isAlertmanager = useIsAlertmanager();
  const log = useInfiniteQuery(historyQuery(filterOf(search)));
  const change = (patch: HistorySearch) => void navigate({ ...paths.history({ ...search, ...patch }), replace: true });
  const problem = log.error ? asProblem(log.error) : null;
  const refusal = problem?.field === "filter" ? problem.detail : null;
  return (
    <>
      <PageHeader title="History" lead={isAlertmanager ? "Every change of state of alerts, newest first." : "Every change of state of alerts and policies, newest first."} />
      <HistoryFilters search={search} counts={log.data?.pages[0]?.counts} refusal={refusal} onChange={change} />
      {problem && !refusal && !log.data ? (
        <ErrorState problem={problem} onRetry={() => void log.refetch()} />
      ) : (
        <DataTable
          label="History"
          columns={columns}
          rows={refusal ? [] : log.data?.pages.flatMap((page) => page.entries)}
          rowKey={(entry) => entry.id}
          tone={(entry) => stateWords[entry.to].tone}
          empty={<NoHistory more={log.hasNextPage} isFiltered={Boolean(search.filter ?? search.q ?? search.policy ?? search.state)} />}
        />
      )}
      {log.hasNextPage && !refusal && (
        <Center mt="md">
          <Button variant="default" onClick={() => void log.fetchNextPage()} loading={log.isFetchingNextPage}>
            Show older
          </Button>
        </Center>
      )}
    </>
  );
}

function filterOf(search: HistorySearch): HistoryFilter {
  const { filter, policy, q, state } = search;
  const matchers = matchersOf(filter);
  return {
    ...(q === undefined ? {} : { q }),
    ...(state === undefined ? {} : { state }),
    ...(matchers.length > 0 ? { filter: matchers } : {}),
    ...(Number(policy) ? { policy: Number(policy) } : {}),
    period: periodOf(search),
  };
}

const columns: Column<HistoryEntry>[] = [
  { header: "When", width: "120px", cell: (entry) => <RelativeTime at={entry.at} /> },
  { header: "What", phone: "title", cell: (entry) => <Subject entry={entry} /> },
  { header: "Change", width: "230px", phone: "title", cell: (entry) => <Change entry={entry} /> },
  { header: "Lasted", width: "110px", cell: (entry) => <Lasted entry={entry} /> },
  { header: "Why", width: "22%", cell: (entry) => <Why entry={entry} /> },
];

function Subject({ entry }: { entry: HistoryEntry }) {
  const { alert, policy, target } = entry;
  const subject = subjectOf(entry);
  const place = alert ? paths.alert(alert) : policy && paths.policy(policy.id);
  const named = policy && policy.name !== subject ? policy : null;
  return (
    <>
      {place ? (
        <Link {...place} className="two-lines" data-row-link>
          {subject}
        </Link>
      ) : (
        <span className="two-lines">{subject}</span>
      )}
      <Text size="xs" c="dimmed" mt={2} component="div" className="wrap-anywhere">
        {target}
        {target && named && " · "}
        {named && <Link {...paths.policy(named.id)}>{named.name}</Link>}
      </Text>
    </>
  );
}

function Change({ entry }: { entry: HistoryEntry }) {
  return (
    <Group gap={6} wrap="wrap">
      <Text span size="sm" c="dimmed">
        {stateWords[entry.from].word}
      </Text>
      <IconArrowRight size={14} aria-label="to" />
      <StateTag state={entry.to} />
    </Group>
  );
}

/** For how long it was what it was before. */
function Lasted({ entry }: { entry: HistoryEntry }) {
  if (entry.since === null) return null;
  return <span className="tabular">{duration(Date.parse(entry.at) - Date.parse(entry.since))}</span>;
}

function Why({ entry }: { entry: HistoryEntry }) {
  const why = whyOf(entry);
  if (why === "") return null;
  return (
    <Text size="sm" lineClamp={3} className="wrap-anywhere">
      {why}
    </Text>
  );
}

function NoHistory({ more, isFiltered }: { more: boolean; isFiltered: boolean }) {
  if (!isFiltered) return <EmptyState icon={IconHistory} title="Nothing changed">No alert and no policy changed its state in this time. Choose a longer one to look further back.</EmptyState>;
  return (
    <EmptyState icon={IconFilterOff} title={more ? "Nothing found so far" : "Nothing matches"} action={<ButtonLink link={paths.history()} variant="default">Clear the filter</ButtonLink>}>
      {more ? "Of the newest changes none matches. Older ones may: show them." : "In this time no change has these labels, this text, this policy and these states."}
    </EmptyState>
  );
}
