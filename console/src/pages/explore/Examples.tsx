import { IconChartLine } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { EmptyState } from "../../components/EmptyState";
import { paths } from "../../paths";
import { searchOf, type Question } from "./question";
import classes from "./Explore.module.css";

const examples: { asks: string; expr: string; tab: Question["tab"] }[] = [
  { asks: "Memory in use on each node, in percent", expr: "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", tab: "graph" },
  { asks: "Processors in use on each node, in percent", expr: '100 * (1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="idle"}[5m])))', tab: "graph" },
  { asks: "Targets that do not answer", expr: "up == 0", tab: "table" },
  { asks: "The metrics with the most series", expr: 'topk(10, count by (__name__) ({__name__!=""}))', tab: "table" },
];

/** Before anything is asked: what could be. */
export function Examples() {
  return (
    <EmptyState icon={IconChartLine} title="Nothing asked yet" action={<List />}>
      Type an expression above, or begin with one of these.
    </EmptyState>
  );
}

function List() {
  return (
    <ul className={classes.examples} aria-label="Examples">
      {examples.map(({ asks, expr, tab }) => (
        <li key={expr}>
          <Link {...paths.explore(searchOf({ expr, tab }))}>
            {asks}
            <code>{expr}</code>
          </Link>
        </li>
      ))}
    </ul>
  );
}
