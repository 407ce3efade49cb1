import { Button, Group, Tabs } from "@mantine/core";
import { IconBellPlus, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem, fieldError } from "../../api/problem";
import { instantQuery, MOST_LINES, MOST_ROWS, rangeQuery } from "../../api/query";
import { useWriteRefusal } from "../../api/session";
import { ButtonLink } from "../../components/ButtonLink";
import { PageHeader } from "../../components/PageHeader";
import { PromqlField } from "../../components/promql/PromqlField";
import { Reasoned } from "../../components/Reasoned";
import { paths } from "../../paths";
import { Answer } from "./Answer";
import { Examples } from "./Examples";
import { GraphResult } from "./GraphResult";
import { questionOf, searchOf, type Question } from "./question";
import { seriesOf, TableResult } from "./TableResult";
import { GraphTime, TableTime } from "./TimeControls";
import classes from "./Explore.module.css";

/** The shortest span that can be drawn to look closer, in milliseconds. */
const MINUTE = 60_000;

/** Any expression over what the metrics source measures: what it is at one time, and how it went. */
export default function ExplorePage() {
  const question = questionOf(useSearch({ from: "/graph" }));
  const { expr, tab, range, end, moment } = question;
  const navigate = useNavigate();
  const [typed, setTyped] = useTyped(expr);
  const table = useQuery({ ...instantQuery(expr, moment), enabled: expr !== "" && tab === "table" });
  const graph = useQuery({ ...rangeQuery(expr, range, end), enabled: expr !== "" && tab === "graph" });
  const asked = tab === "table" ? table : graph;
  const go = (patch: Partial<Question>) => void navigate({ ...paths.explore(searchOf({ ...question, ...patch })), resetScroll: false });
  const run = () => {
    if (typed.trim() === expr) void asked.refetch();
    else go({ expr: typed.trim() });
  };
  const isStale = typed.trim() !== expr;
  const problem = asked.error ? asProblem(asked.error) : null;
  return (
    <>
      <PageHeader title="Explore" lead="Ask the metrics source in PromQL: what is measured, and how it went." actions={<NewPolicy expr={expr} />} />
      <div className={classes.query}>
        <PromqlField
          value={typed}
          lead="PromQL. Enter runs it, Shift+Enter begins a new line."
          error={isStale ? null : fieldError(problem, "query")}
          hint="Type an expression, such as node_load1"
          leastHeight={42}
          onChange={setTyped}
          onRun={run}
        />
        <Button leftSection={<IconPlayerPlay size={16} />} loading={expr !== "" && asked.isFetching} disabled={typed.trim() === ""} onClick={run}>
          Run
        </Button>
      </div>
      <Tabs value={tab} onChange={(next) => go({ tab: next === "graph" ? "graph" : "table" })} keepMounted={false}>
        <Group justify="space-between" gap="sm" mb="md" className={classes.bar}>
          <Tabs.List>
            <Tabs.Tab value="table">Table</Tabs.Tab>
            <Tabs.Tab value="graph">Graph</Tabs.Tab>
          </Tabs.List>
          {tab === "table" ? <TableTime question={question} onChange={go} /> : <GraphTime question={question} onChange={go} />}
        </Group>
        {expr === "" && <Examples />}
        <Tabs.Panel value="table">
          {expr !== "" && (
            <Answer asked={table} count={({ data }) => seriesWords(seriesOf(data).length)} cut={`Only the first ${MOST_ROWS} series are shown. Narrow the expression down, or aggregate.`}>
              {(answer) => <TableResult answer={answer} />}
            </Answer>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="graph">
          {expr !== "" && (
            <Answer asked={graph} count={({ data }) => seriesWords(data.result.length)} cut={`Only ${MOST_LINES} series are drawn. Narrow the expression down, aggregate, or take the largest with topk.`}>
              {(answer) => <GraphResult key={expr} answer={answer} onZoom={(from, to) => go({ range: Math.max(MINUTE, to - from), end: to })} />}
            </Answer>
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function seriesWords(count: number): string {
  return count === 1 ? "1 series" : `${count} series`;
}

/** What is typed; what the address says takes its place when that changes. */
function useTyped(expr: string) {
  const [typed, setTyped] = useState(expr);
  const [told, setTold] = useState(expr);
  if (expr !== told) {
    setTold(expr);
    setTyped(expr);
  }
  return [typed, setTyped] as const;
}

/** From looking to being told. */
function NewPolicy({ expr }: { expr: string }) {
  const refusal = useWriteRefusal() ?? (expr === "" ? "Run an expression first." : null);
  return (
    <Reasoned reason={refusal}>
      <ButtonLink link={paths.newPolicy({ expr })} variant="default" leftSection={<IconBellPlus size={16} />} disabled={refusal !== null}>
        New policy from this
      </ButtonLink>
    </Reasoned>
  );
}
