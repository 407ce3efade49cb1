import { Group, Skeleton, Text } from "@mantine/core";
import { IconBook, IconFilterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { runbooksQuery } from "../../api/runbooks";
import type { RunbookEntry } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterInput } from "../../components/FilterInput";
import { PageHeader } from "../../components/PageHeader";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import classes from "./Runbooks.module.css";

/** Every page that says what to do about an alert: those whose alerts fire now come first. */
export default function RunbooksPage() {
  const { q } = useSearch({ from: "/runbooks" });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(runbooksQuery(q));
  const entries = data && [...data.runbooks].sort((one, other) => Number(isTrouble(other)) - Number(isTrouble(one)));
  return (
    <>
      <PageHeader title="Runbooks" lead="What an alert means, how to find its cause, and what to do about it." />
      <Group gap="sm" mb="md">
        <FilterInput label="Search runbooks" value={q} onChange={(text) => void navigate({ ...paths.runbooks({ q: text }), replace: true })} />
        {data && (
          <Text size="sm" c="dimmed" role="status">
            {q ? `${data.runbooks.length} of ${data.total}` : `${data.total} pages`}
          </Text>
        )}
      </Group>
      {error && !data && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius="lg" />}
      {entries?.length === 0 && <NoRunbooks isSearch={Boolean(q)} />}
      {entries && entries.length > 0 && (
        <ul className={classes.list} aria-label="Runbooks">
          {entries.map((entry) => (
            <Entry key={entry.name} entry={entry} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Whether such an alert fires; the one of Watchdog always does. */
function isTrouble({ name, firing }: RunbookEntry): boolean {
  return firing > 0 && name !== "Watchdog";
}

function Entry({ entry }: { entry: RunbookEntry }) {
  return (
    <li className={classes.card}>
      <div className={classes.top}>
        <Link {...paths.runbook(entry.name)}>{entry.name}</Link>
        {isTrouble(entry) && <Tag tone="red">{`${entry.firing} firing`}</Tag>}
      </div>
      <p>{entry.meaning}</p>
    </li>
  );
}

function NoRunbooks({ isSearch }: { isSearch: boolean }) {
  if (!isSearch) return <EmptyState icon={IconBook} title="No runbooks">They come with Larum.</EmptyState>;
  return (
    <EmptyState icon={IconFilterOff} title="No runbook has all these words" action={<ButtonLink link={paths.runbooks()} variant="default">Show all</ButtonLink>}>
      The search looks at whole pages, commands and expressions among them.
    </EmptyState>
  );
}
