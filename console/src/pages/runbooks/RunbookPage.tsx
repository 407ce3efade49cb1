import { Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { runbookNamesQuery, runbookQuery } from "../../api/runbooks";
import type { Runbook } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { Severity } from "../../components/severity";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import { Markdown } from "./Markdown";

const up = { link: paths.runbooks(), name: "Runbooks" };

const noNames: ReadonlySet<string> = new Set();

/** The page about the alerts of one name, with its policies and whether such alerts fire. */
export default function RunbookPage() {
  const { name } = useParams({ from: "/runbooks/$name" });
  const { data, error, refetch } = useQuery(runbookQuery(name));
  const { data: names } = useQuery(runbookNamesQuery);
  return (
    <>
      <PageHeader title={name} up={up} lead={data && <Standing runbook={data} />} />
      {data && <Markdown text={data.markdown} names={names ?? noNames} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius="lg" />}
    </>
  );
}

function Standing({ runbook }: { runbook: Runbook }) {
  return (
    <Group gap="md" component="span" mt={4}>
      {runbook.firing > 0 && (
        <Link {...paths.alerts({ q: runbook.name })}>
          <Tag tone={runbook.name === "Watchdog" ? "gray" : "red"}>{`${runbook.firing} firing now`}</Tag>
        </Link>
      )}
      {runbook.policies.map((policy) => (
        <span key={policy.id}>
          <Severity severity={policy.severity} /> · <Link {...paths.policy(policy.id)}>{policy.enabled ? "See its policy" : "See its policy, which is disabled"}</Link>
        </span>
      ))}
    </Group>
  );
}
