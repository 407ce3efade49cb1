import { Text } from "@mantine/core";

import type { Evaluated, Result, ResultSeries, Sample } from "../../api/query";
import { DataTable, type Column } from "../../components/DataTable";
import { Labels } from "../../components/Labels";
import { seriesName } from "../../components/matchers";
import { NoSeries } from "./NoSeries";
import classes from "./Explore.module.css";

/** What an expression is at one time: each series with its value, or its values over a span. */
export function TableResult({ answer: { data } }: { answer: Evaluated<Result> }) {
  return <DataTable label="Answer" columns={columns} rows={seriesOf(data)} rowKey={({ metric }) => seriesName(metric)} empty={<NoSeries when="at this time" />} />;
}

/** The series of an answer; a single number or text is one without labels. */
export function seriesOf(data: Result): ResultSeries[] {
  return data.resultType === "scalar" || data.resultType === "string" ? [{ metric: {}, value: data.result }] : data.result;
}

const columns: Column<ResultSeries>[] = [
  { header: "Series", phone: "title", cell: ({ metric }) => <Name metric={metric} /> },
  { header: "Value", width: "26%", phone: "plain", cell: (series) => <Values series={series} /> },
];

function Name({ metric: { __name__: name = "", ...labels } }: Pick<ResultSeries, "metric">) {
  const hasLabels = Object.keys(labels).length > 0;
  return (
    <div className={classes.series}>
      {name !== "" && <span className={classes.name}>{name}</span>}
      {hasLabels && <Labels labels={labels} />}
      {name === "" && !hasLabels && <Text span size="sm" c="dimmed">no labels</Text>}
    </div>
  );
}

/** How many values of one series are shown, the newest. */
const MOST_VALUES = 10;

function Values({ series: { value, values = [] } }: { series: ResultSeries }) {
  if (value) return <span className={classes.value}>{value[1]}</span>;
  const shown = values.slice(-MOST_VALUES);
  return (
    <div>
      {values.length > shown.length && <Text size="xs" c="dimmed">{values.length - shown.length} older ones, then</Text>}
      {shown.map((sample) => <At key={sample[0]} sample={sample} />)}
    </div>
  );
}

function At({ sample: [seconds, value] }: { sample: Sample }) {
  return (
    <div>
      <span className={classes.value}>{value}</span>{" "}
      <Text span size="xs" c="dimmed" className="tabular">{new Date(seconds * 1000).toLocaleTimeString("en-GB")}</Text>
    </div>
  );
}
