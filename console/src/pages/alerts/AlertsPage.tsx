import { Group, SegmentedControl, Text } from "@mantine/core";
import { IconBell, IconBellCheck, IconFilterOff, IconPower } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { alertsQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import { useIsAlertmanager } from "../../api/session";
import { useAlertingOff } from "../../api/status";
import type { Alert } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterChips } from "../../components/FilterChips";
import { FilterInput } from "../../components/FilterInput";
import { PageHeader } from "../../components/PageHeader";
import { lastPageOf, pageNamed, Paging } from "../../components/Paging";
import { Since } from "../../components/RelativeTime";
import { Severity, severityTone, severityWord } from "../../components/severity";
import { StateTag } from "../../components/states";
import { Tag } from "../../components/Tag";
import { paths, type AlertsSearch } from "../../paths";
import { AlertGroups } from "./AlertGroups";
import { HeartbeatLine } from "./HeartbeatLine";
import { splitHeartbeats, stateCounts } from "./heartbeats";
import { inhibitorName, messageOf, severityFilters, silencerName, states } from "./words";

/** How many alerts one page shows. */
const PAGE_SIZE = 100;

/** The view in which alerts stand in their groups. */
const GROUPS = "groups";

/** What is listed when the address names no state: what is current. */
const CURRENT = "firing,pending";

/** Current alerts with who was told. */
export default function AlertsPage() {
  const search = useSearch({ from: "/alerts" });
  const { alertId } = useParams({ strict: false });
  const navigate = useNavigate();
  const page = pageNamed(search.page);
  const isAlertmanager = useIsAlertmanager();
  const inGroups = search.view === GROUPS;
  const filter = { state: search.state ?? CURRENT, severity: search.severity, q: search.q, receiver: search.receiver, inhibited_by: search.inhibited, silenced_by: search.silenced };
  const { data, error, refetch } = useQuery(alertsQuery({ ...filter, limit: PAGE_SIZE, offset: inGroups ? 0 : (page - 1) * PAGE_SIZE }));
  const split = data && splitHeartbeats(data.alerts);
  const lastPage = data ? lastPageOf(data.total, PAGE_SIZE) : page;
  const change = (patch: AlertsSearch) => void navigate({ ...paths.alerts({ ...search, page: undefined, ...patch }), replace: true });

  const empty = <NoAlerts isFiltered={Boolean(search.q ?? search.severity ?? search.state ?? search.receiver ?? search.inhibited ?? search.silenced)} />;

  // Alerts end while one looks: a page that is no more gives way to the last one.
  if (!inGroups && page > lastPage) return <Navigate {...paths.alerts({ ...search, page: lastPage > 1 ? String(lastPage) : undefined })} replace />;
  return (
    <>
      <PageHeader title="Alerts" actions={<View view={search.view} onChange={(view) => change({ view })} />} />
      <Group gap="sm" mb="md">
        <FilterInput label="Filter alerts" placeholder={'Text, or {label="value"}'} value={search.q} onChange={(q) => change({ q })} />
        {!inGroups && (
          <FilterChips
            label="State"
            options={isAlertmanager ? states.filter((state) => state !== "pending") : states}
            value={search.state ?? CURRENT}
            counts={data && stateCounts(data.counts)}
            onChange={(state) => change({ state: state === CURRENT ? undefined : state })}
          />
        )}
        <FilterChips label="Severity" word={severityWord} options={severityFilters(data?.counts.severity)} value={search.severity} counts={data?.counts.severity} onChange={(severity) => change({ severity })} />
      </Group>
      <Narrowed search={search} />
      {inGroups ? (
        <AlertGroups search={search} filter={filter} page={page} empty={empty} onPage={(next) => change({ page: next })} />
      ) : error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Alerts"
          columns={columnsWith(search, isAlertmanager)}
          rows={split?.alerts}
          rowKey={(alert) => alert.id}
          tone={(alert) => (alert.state === "resolved" ? "green" : severityTone(alert.severity))}
          isSelected={(alert) => alert.id === alertId}
          empty={empty}
        />
      )}
      <HeartbeatLine heartbeats={split?.heartbeats ?? []} search={search} />
      {data && !inGroups && <Paging total={data.total} pageSize={PAGE_SIZE} page={page} what="alerts" onChange={(next) => void navigate(paths.alerts({ ...search, page: next }))} />}
      <Outlet />
    </>
  );
}

/** In a list, or in the groups in which they are told. */
function View({ view, onChange }: { view: string | undefined; onChange: (view: string | undefined) => void }) {
  return (
    <SegmentedControl
      aria-label="View"
      size="xs"
      data={[{ value: "list", label: "List" }, { value: GROUPS, label: "Groups" }]}
      value={view === GROUPS ? GROUPS : "list"}
      onChange={(chosen) => onChange(chosen === GROUPS ? GROUPS : undefined)}
    />
  );
}

/** Of what only the alerts are shown, and the way to all. */
function Narrowed({ search }: { search: AlertsSearch }) {
  const { receiver, inhibited, silenced } = search;
  return (
    <>
      {receiver && <Only all={{ ...search, receiver: undefined }}>are told to the receiver <strong>{receiver}</strong></Only>}
      {inhibited && <Only all={{ ...search, inhibited: undefined }}>are not told because of the inhibition rule <strong>{inhibited}</strong></Only>}
      {silenced && <Only all={{ ...search, silenced: undefined }}>are not told because of <Link {...paths.silence(silenced)}>a silence</Link></Only>}
    </>
  );
}

function Only({ all, children }: { all: AlertsSearch; children: ReactNode }) {
  return (
    <Text size="sm" mb="md">
      Only alerts that {children}. <Link {...paths.alerts(all)}>Show all</Link>
    </Text>
  );
}

function columnsWith(search: AlertsSearch, isAlertmanager: boolean): Column<Alert>[] {
  return [
    { header: "Message", phone: "title", cell: (alert) => <Message alert={alert} search={search} /> },
    { header: "State", phone: "plain", width: "100px", cell: (alert) => <State alert={alert} /> },
    { header: "Severity", phone: "plain", width: "110px", cell: (alert) => <Severity severity={alert.severity} /> },
    { header: isAlertmanager ? "Name" : "Policy", width: "20%", cell: (alert) => <Source alert={alert} /> },
    { header: "Target", width: "17%", cell: (alert) => <Short text={alert.target} /> },
    { header: "Since", width: "110px", cell: (alert) => <Since at={alert.starts_at} /> },
  ];
}

/** Whether it fires, and whether nobody is told because another does or somebody silenced it. */
function State({ alert }: { alert: Alert }) {
  return (
    <Group gap={4}>
      <StateTag state={alert.state} />
      {alert.inhibited && (
        <span title={`Not told while ${inhibitorName(alert.inhibited)} fires`}>
          <Tag tone="gray">Inhibited</Tag>
        </span>
      )}
      {alert.silenced[0] && (
        <span title={`Silenced by ${silencerName(alert.silenced[0])}`}>
          <Tag tone="gray">Silenced</Tag>
        </span>
      )}
    </Group>
  );
}

function Message({ alert, search }: { alert: Alert; search: AlertsSearch }) {
  return (
    <>
      <Link {...paths.alert(alert.id, search)} resetScroll={false} data-row-link className="two-lines">
        {messageOf(alert)}
      </Link>
      {alert.details && (
        <Text size="xs" c="dimmed" lineClamp={1} mt={2}>
          {alert.details}
        </Text>
      )}
    </>
  );
}

/** The policy that says it, or the name it came with from outside. */
function Source({ alert }: { alert: Alert }) {
  if (!alert.policy) return <Short text={alert.name} />;
  return (
    <Link {...paths.policy(alert.policy.id)} className="two-lines">
      {alert.policy.name}
    </Link>
  );
}

function Short({ text }: { text: string }) {
  return text === "" ? null : (
    <span className="two-lines" title={text}>
      {text}
    </span>
  );
}

function NoAlerts({ isFiltered }: { isFiltered: boolean }) {
  const isOff = useAlertingOff();
  const isAlertmanager = useIsAlertmanager();
  if (isFiltered) {
    return (
      <EmptyState icon={IconFilterOff} title="No alert matches" action={<ButtonLink link={paths.alerts()} variant="default">Clear the filter</ButtonLink>}>
        There may be alerts that the filter hides.
      </EmptyState>
    );
  }
  if (isAlertmanager) {
    return (
      <EmptyState icon={IconBellCheck} title="All is quiet" action={<ButtonLink link={paths.routing()} variant="default">See who would be told</ButtonLink>}>
        Nothing fires. What Prometheus and others send to this address appears here.
      </EmptyState>
    );
  }
  if (isOff) {
    return (
      <EmptyState icon={IconPower} title="No alerts from outside">
        Alerting is switched off, so no policy says anything. Alerts of Prometheus and of Alertmanager appear here as always.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconBellCheck} title="All is quiet" action={<ButtonLink link={paths.policies()} variant="default" leftSection={<IconBell size={16} />}>See what is watched</ButtonLink>}>
      Nothing is pending and nothing fires. Alerts of policies, of Prometheus and of Alertmanager appear here.
    </EmptyState>
  );
}
