import { Button, Center, Group, Text } from "@mantine/core";
import { IconArrowRight, IconFilterOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { historyQuery, type HistoryFilter } from "../../api/history";
import { asProblem } from "../../api/problem";
import type { HistoryEntry } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { duration } from "../../components/time";
import { paths, type HistorySearch } from "../../paths";
import { HistoryFilters } from "./HistoryFilters";
import { matchersOf, periods, stateWords, subjectOf } from "./words";

/** Every change of state of every alert and policy: when, what, from what to what, for how long, and why. */
export default function HistoryPage() {
  const search = useSearch({ from: "/history" });
  const navigate = useNavigate();
  const log = useInfiniteQuery(historyQuery(filterOf(search)));
  const change = (patch: HistorySearch) => void navigate({ ...paths.history({ ...search, ...patch }), replace: true });
  const problem = log.error ? asProblem(log.error) : null;
  const refusal = problem?.field === "filter" ? problem.detail : null;
  return (
    <>
      <PageHeader title="History" lead="Every change of state of alerts and policies, newest first." />
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
          empty={<NoHistory more={log.hasNextPage} />}
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

function filterOf({ period, from, to, filter, policy, ...rest }: HistorySearch): HistoryFilter {
  const isCustom = from !== undefined && to !== undefined;
  const matchers = matchersOf(filter);
  return {
    ...rest,
    ...(matchers.length > 0 ? { filter: matchers } : {}),
    ...(Number(policy) ? { policy: Number(policy) } : {}),
    period: isCustom ? { from, to } : (periods[period ?? "24h"] ?? periods["24h"] ?? 0),
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
  const subject = subjectOf(entry);
  return (
    <>
      {entry.alert ? (
        <Link {...paths.alert(entry.alert)} className="two-lines" data-row-link>
          {subject}
        </Link>
      ) : (
        <span className="two-lines">{subject}</span>
      )}
      <Text size="xs" c="dimmed" mt={2} component="div" className="wrap-anywhere">
        {entry.target}
        {entry.target && entry.policy && " · "}
        {entry.policy && <Link {...paths.policy(entry.policy.id)}>{entry.policy.name}</Link>}
      </Text>
    </>
  );
}

function Change({ entry }: { entry: HistoryEntry }) {
  const [from, to] = [stateWords[entry.from], stateWords[entry.to]];
  return (
    <Group gap={6} wrap="wrap">
      <Text span size="sm" c="dimmed">
        {from.word}
      </Text>
      <IconArrowRight size={14} aria-label="to" />
      <Tag tone={to.tone}>{to.word}</Tag>
    </Group>
  );
}

/** For how long it was what it was before. */
function Lasted({ entry }: { entry: HistoryEntry }) {
  if (entry.since === null) return null;
  return <span className="tabular">{duration(Date.parse(entry.at) - Date.parse(entry.since))}</span>;
}

function Why({ entry }: { entry: HistoryEntry }) {
  const why = [entry.reason, entry.detail, entry.value_text].filter(Boolean).join(" · ");
  if (why === "") return null;
  return (
    <Text size="sm" lineClamp={3} className="wrap-anywhere">
      {why}
    </Text>
  );
}

function NoHistory({ more }: { more: boolean }) {
  return (
    <EmptyState icon={IconFilterOff} title={more ? "Nothing found so far" : "Nothing changed"} action={<ButtonLink link={paths.history()} variant="default">Clear the filter</ButtonLink>}>
      {more ? "Much was looked through and nothing matched. Older changes may." : "In this time there is no change with these labels, policies and states."}
    </EmptyState>
  );
}
