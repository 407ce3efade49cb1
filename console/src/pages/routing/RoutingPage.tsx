import { Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { inhibitionsQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import { routingQuery } from "../../api/routing";
import { useWriteRefusal } from "../../api/session";
import type { RoutingFile } from "../../api/types";
import { Closed } from "../../components/Closed";
import { CodeBlock } from "../../components/CodeBlock";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Notice } from "../../components/Notice";
import { PageHeader } from "../../components/PageHeader";
import { RelativeTime } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { InhibitionRules } from "../platform/InhibitionRules";
import { FileReceivers } from "./FileReceivers";
import { Intervals } from "./Intervals";
import { RouteTree } from "./RouteTree";
import { useRoutingTest, WhoHears } from "./WhoHears";
import classes from "./Routing.module.css";

/** The routes of an `alertmanager.yml` to look at: whom they tell, when, and whom an alert with some labels leads to. */
export default function RoutingPage() {
  const refusal = useWriteRefusal();
  const { data, error, refetch } = useQuery({ ...routingQuery, enabled: refusal === null });
  if (refusal) return <Closed title="The routes are closed to you" reason={refusal} />;
  return (
    <>
      <PageHeader title="Routing" lead={data?.file ? <Where file={data.file} /> : "The routes of an alertmanager.yml."} />
      {data?.file && <File file={data.file} />}
      {data?.file === null && <NoFile />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius="lg" />}
    </>
  );
}

function Where({ file }: { file: RoutingFile }) {
  return (
    <>
      What <code className="wrap-anywhere">{file.path}</code> says, read <RelativeTime at={file.loaded_at} />. It is changed in the file, not here.
    </>
  );
}

function NoFile() {
  return (
    <EmptyState icon={IconRoute} title="No file with routes">
      Start Larum with <code>--config.file</code> and the path of an <code>alertmanager.yml</code>: its routes and receivers then stand beside the receivers of
      the Slack settings.
    </EmptyState>
  );
}

function File({ file }: { file: RoutingFile }) {
  const search = useSearch({ from: "/routing" });
  const test = useRoutingTest(search);
  return (
    <Stack gap="md">
      {file.failed && (
        <Notice tone="red" icon={IconAlertTriangle} title="The files were wrong when they were last read">
          <pre className={classes.wrong}>{file.failed.error}</pre>
          That was <RelativeTime at={file.failed.at} />. What was in force before stays: mend the file, then send Larum the signal SIGHUP or <code>POST /-/reload</code>.
        </Notice>
      )}
      <WhoHears search={search} test={test} />
      <Section title="Routes" lead="Tried from above: an alert takes the first route that matches, then the first below it. Dimmed is as on the route above.">
        <RouteTree routes={file.routes} ways={test.answer?.ways} />
        {file.more_routes > 0 && (
          <Text size="sm" c="dimmed" mt="sm">
            And {file.more_routes} more, which are not shown.
          </Text>
        )}
      </Section>
      <Section title="Receivers" lead="Those that the routes call.">
        <FileReceivers receivers={file.receivers} />
      </Section>
      <Intervals intervals={file.intervals} />
      <Inhibited />
      <Section title="The file" lead="Without comments and secrets.">
        <CodeBlock text={file.text} what="file" />
      </Section>
    </Stack>
  );
}

function Inhibited() {
  const { data } = useQuery(inhibitionsQuery);
  if (!data || data.inhibitions.length === 0) return null;
  return (
    <Section title="Inhibition rules" lead="While an alert fires that explains others, those are not told.">
      <InhibitionRules rules={data.inhibitions} />
    </Section>
  );
}
