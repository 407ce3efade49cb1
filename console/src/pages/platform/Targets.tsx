import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconFilterOff, IconTargetArrow } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useSearch } from "@tanstack/react-router";

import { targetsQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import type { MetricsSource, ScrapeTarget } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { CodeBlock } from "../../components/CodeBlock";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FilterChips } from "../../components/FilterChips";
import { FilterInput } from "../../components/FilterInput";
import { Labels } from "../../components/Labels";
import { Notice } from "../../components/Notice";
import { lastPageOf, pageNamed, Paging } from "../../components/Paging";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { capitalised } from "../../components/severity";
import { Tag, type Tone } from "../../components/Tag";
import { took } from "../../components/time";
import { grouped } from "../../components/units";
import { paths, type TargetsSearch } from "../../paths";
import classes from "./Platform.module.css";

/** How many targets one page shows. */
const PAGE_SIZE = 100;

const tones: Record<ScrapeTarget["health"], Tone> = { up: "green", down: "red", unknown: "gray" };

const healths = ["up", "down", "unknown"] as const;

/** What Larum scrapes, with what went wrong. */
export function Targets({ source }: { source: MetricsSource }) {
  if (!source.scrapes) return <NoConfiguration />;
  const problems = source.jobs.flatMap(({ name, problems: some }) => some.map((problem) => ({ name, problem })));
  return (
    <Section title="Scraped targets">
      {problems.map(({ name, problem }) => (
        <div key={`${name} ${problem}`} style={{ marginBottom: 8 }}>
          <Notice tone="amber" icon={IconAlertTriangle} title={`Job ${name}`}>{problem}</Notice>
        </div>
      ))}
      <TargetList source={source} />
      <Dropped source={source} />
    </Section>
  );
}

function TargetList({ source }: { source: MetricsSource }) {
  const search = useSearch({ from: "/metrics-source" });
  const navigate = useNavigate();
  const page = pageNamed(search.page);
  const health = healths.find((one) => one === search.health);
  const { data, error, refetch } = useQuery(targetsQuery({ health, q: search.q, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  const change = (patch: TargetsSearch) => void navigate({ ...paths.metricsSource({ ...search, page: undefined, ...patch }), replace: true, resetScroll: false });
  const lastPage = data ? lastPageOf(data.total, PAGE_SIZE) : page;
  const sum = (one: "up" | "down" | "unknown") => source.jobs.reduce((total, job) => total + job[one], 0);
  // Targets go while one looks: a page that is no more gives way to the last one.
  if (page > lastPage) return <Navigate {...paths.metricsSource({ ...search, page: lastPage > 1 ? String(lastPage) : undefined })} replace />;
  return (
    <>
      <Group gap="sm" mb="md">
        <FilterInput label="Filter targets" value={search.q} onChange={(q) => change({ q })} />
        <FilterChips
          label="Health"
          options={healths}
          value={health}
          counts={{ up: sum("up"), down: sum("down"), unknown: sum("unknown") }}
          onChange={(chosen) => change({ health: chosen?.split(",").find((one) => one !== health) })}
        />
      </Group>
      {error && !data ? (
        <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Scraped targets"
          columns={columns}
          rows={data?.targets}
          rowKey={(target) => `${target.job} ${target.url} ${JSON.stringify(target.labels)}`}
          tone={(target) => (target.health === "down" ? "red" : "none")}
          empty={<NoTargets isFiltered={Boolean(search.q ?? search.health)} />}
        />
      )}
      {data && <Paging total={data.total} pageSize={PAGE_SIZE} page={page} what="targets" onChange={(next) => change({ page: next })} />}
    </>
  );
}

const columns: Column<ScrapeTarget>[] = [
  { header: "Target", phone: "title", cell: (target) => <Target target={target} /> },
  { header: "Health", phone: "plain", width: "100px", cell: ({ health }) => <Tag tone={tones[health]}>{capitalised(health)}</Tag> },
  { header: "Job", width: "16%", cell: ({ job }) => <span className="wrap-anywhere">{job}</span> },
  { header: "Last scrape", width: "120px", cell: ({ last_scrape }) => (last_scrape ? <RelativeTime at={last_scrape} /> : "not yet") },
  { header: "Took", width: "90px", cell: ({ duration_ms }) => duration_ms !== null && took(duration_ms) },
  { header: "Samples", width: "90px", cell: ({ samples }) => <span className="tabular">{grouped(samples)}</span> },
];

function Target({ target }: { target: ScrapeTarget }) {
  return (
    <>
      <span className="wrap-anywhere">{target.url}</span>
      {target.last_error && <Text size="xs" mt={2} className={classes.wrong}>{target.last_error}</Text>}
      <details className={classes.more}>
        <summary>Labels</summary>
        <Labels labels={target.labels} />
        <p>As discovered, before relabelling; scraped every {target.interval}</p>
        <Labels labels={target.discovered} />
      </details>
    </>
  );
}

function Dropped({ source }: { source: MetricsSource }) {
  const dropping = source.jobs.filter(({ dropped }) => dropped > 0);
  return dropping.map((job) => (
    <details key={job.name} className={classes.more}>
      <summary>{job.dropped} {job.dropped === 1 ? "target" : "targets"} of the job <strong>{job.name}</strong> dropped by relabelling</summary>
      {job.dropped_labels.map((labels) => <div key={JSON.stringify(labels)} style={{ marginBottom: 12 }}><Labels labels={labels} /></div>)}
    </details>
  ));
}

function NoTargets({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered) return <EmptyState icon={IconTargetArrow} title="No targets">The configuration names none, or none was found yet.</EmptyState>;
  return (
    <EmptyState icon={IconFilterOff} title="No target matches" action={<ButtonLink link={paths.metricsSource()} variant="default">Clear the filter</ButtonLink>}>
      The filter looks at addresses, labels and errors.
    </EmptyState>
  );
}

const EXAMPLE = `scrape_configs:
  - job_name: node
    scrape_interval: 15s
    static_configs:
      - targets: ["10.0.0.11:9100", "10.0.0.12:9100"]
  - job_name: kube-state-metrics
    static_configs:
      - targets: ["kube-state-metrics.kube-system.svc:8080"]`;

function NoConfiguration() {
  return (
    <Section title="Scraped targets">
      <Text size="sm" mb="sm">
        Only this host is watched. To scrape more, write a file in the form of <code>prometheus.yml</code> and start Larum with{" "}
        <code>--prometheus.config-file</code> and its path. After a change press <em>Reload</em> on the page <Link {...paths.ruleFiles()}>Rule files</Link>.
      </Text>
      <CodeBlock text={EXAMPLE} what="example of a configuration" />
    </Section>
  );
}
