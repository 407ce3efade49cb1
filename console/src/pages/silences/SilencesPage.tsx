import { Group } from "@mantine/core";
import { IconBellOff, IconFilterOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { silencesQuery } from "../../api/silences";
import type { Silence } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterChips } from "../../components/FilterChips";
import { FilterInput } from "../../components/FilterInput";
import { PageHeader } from "../../components/PageHeader";
import { lastPageOf, pageNamed, Paging } from "../../components/Paging";
import { Reasoned } from "../../components/Reasoned";
import { Tag } from "../../components/Tag";
import { paths, type SilencesSearch } from "../../paths";
import { Hides } from "./Hides";
import { Matchers } from "./Matchers";
import { SilenceActions } from "./SilenceActions";
import { When } from "./When";
import { silenceStates, silenceWords } from "./words";

/** How many silences one page shows. */
const PAGE_SIZE = 100;

/** What is listed when the address names no state: what is not over. */
const CURRENT = "active,pending";

/** The silences: what each hides, until when, who wants it and why. */
export default function SilencesPage() {
  const search = useSearch({ from: "/silences" });
  const { silenceId } = useParams({ strict: false });
  const navigate = useNavigate();
  const page = pageNamed(search.page);
  const { data, error, refetch } = useQuery(silencesQuery({ state: search.state ?? CURRENT, q: search.q, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  const lastPage = data ? lastPageOf(data.total, PAGE_SIZE) : page;
  const change = (patch: SilencesSearch) => void navigate({ ...paths.silences({ ...search, page: undefined, ...patch }), replace: true });

  // Silences end while one looks: a page that is no more gives way to the last one.
  if (page > lastPage) return <Navigate {...paths.silences({ ...search, page: lastPage > 1 ? String(lastPage) : undefined })} replace />;
  return (
    <>
      <PageHeader title="Silences" lead="Alerts that somebody does not want to be told of for some time. They are still shown." actions={<NewSilence />} />
      <Group gap="sm" mb="md">
        <FilterInput label="Filter silences" value={search.q} onChange={(q) => change({ q })} />
        <FilterChips
          label="State"
          options={silenceStates}
          value={search.state ?? CURRENT}
          counts={data?.counts}
          onChange={(state) => change({ state: state === CURRENT ? undefined : state })}
        />
      </Group>
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Silences"
          columns={columnsWith(search)}
          rows={data?.silences}
          rowKey={(silence) => silence.id}
          isSelected={(silence) => silence.id === silenceId}
          empty={<NoSilences isFiltered={Boolean(search.q ?? search.state)} expired={data?.counts.expired ?? 0} />}
        />
      )}
      {data && <Paging total={data.total} pageSize={PAGE_SIZE} page={page} what="silences" onChange={(next) => void navigate(paths.silences({ ...search, page: next }))} />}
      <Outlet />
    </>
  );
}

function columnsWith(search: SilencesSearch): Column<Silence>[] {
  return [
    {
      header: "Matchers",
      phone: "title",
      cell: (silence) => (
        <Link {...paths.silence(silence.id, search)} resetScroll={false} data-row-link>
          <Matchers matchers={silence.matchers} />
        </Link>
      ),
    },
    { header: "State", phone: "plain", width: "90px", cell: ({ state }) => <Tag tone={silenceWords[state].tone}>{silenceWords[state].word}</Tag> },
    { header: "When", phone: "plain", width: "150px", cell: (silence) => <When silence={silence} /> },
    { header: "By", width: "110px", cell: (silence) => silence.created_by },
    { header: "Comment", width: "24%", cell: (silence) => <span className="two-lines" title={silence.comment}>{silence.comment}</span> },
    { header: "Hides now", width: "100px", cell: (silence) => <Hides silence={silence} /> },
    { header: "Actions", phone: "plain", width: "132px", cell: (silence) => <SilenceActions silence={silence} compact /> },
  ];
}

function NewSilence() {
  const refusal = useWriteRefusal();
  return (
    <Reasoned reason={refusal}>
      <ButtonLink link={paths.newSilence()} leftSection={<IconPlus size={16} />} disabled={refusal !== null}>
        New silence
      </ButtonLink>
    </Reasoned>
  );
}

function NoSilences({ isFiltered, expired }: { isFiltered: boolean; expired: number }) {
  if (isFiltered) {
    return (
      <EmptyState icon={IconFilterOff} title="No silence matches" action={<ButtonLink link={paths.silences()} variant="default">Clear the filter</ButtonLink>}>
        There may be silences that the filter hides.
      </EmptyState>
    );
  }
  const action = expired > 0 ? <ButtonLink link={paths.silences({ state: "expired" })} variant="default">See those that are over</ButtonLink> : undefined;
  return (
    <EmptyState icon={IconBellOff} title="Nothing is silenced" action={action}>
      No alert is hidden by a silence. To silence one, open it among the alerts and choose <strong>Silence…</strong>
    </EmptyState>
  );
}
