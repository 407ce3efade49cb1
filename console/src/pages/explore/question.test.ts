import { expect, it } from "vitest";

import { parseSearch, stringifySearch } from "../../search-params";
import { exprOfLink, graphOfAlert, questionOf, searchOf } from "./question";

const HOUR = 3_600_000;

it("understands what templates and Prometheus write", () => {
  expect(questionOf(parseSearch("?g0.expr=sum%28up%29+by+%28x%29&g0.tab=0"))).toMatchObject({ expr: "sum(up) by (x)", tab: "graph", range: HOUR, end: null });
  expect(questionOf(parseSearch("?g0.expr=up&g0.tab=1&g0.range_input=1d2h&g0.end_input=2026-11-22%2016:30:05"))).toMatchObject({
    tab: "table", range: 26 * HOUR, end: Date.UTC(2026, 10, 22, 16, 30, 5),
  });
  expect(questionOf(parseSearch("?g0.expr=up&g0.tab=graph&g0.moment_input=2026-11-22+16:30"))).toMatchObject({ tab: "graph", moment: Date.UTC(2026, 10, 22, 16, 30) });
});

it("takes what is usual for what it does not understand", () => {
  const nothing = { expr: "", tab: "table", range: HOUR, end: null, moment: null };
  expect(questionOf({})).toEqual(nothing);
  expect(questionOf({ "g0.tab": "7", "g0.range_input": "soon", "g0.end_input": "later" })).toEqual(nothing);
  for (const end of ["+275760-09-13 00:00:00", "-000001-01-01 00:00:00", "in 5"]) expect(questionOf({ "g0.end_input": end }).end).toBeNull();
  for (const range of ["0s", "10ms", "400y"]) expect(questionOf({ "g0.range_input": range }).range).toBe(HOUR);
});

it("writes an address that it reads back", () => {
  const question = { expr: 'rate(x{a="b,c"}[5m]) > 1', tab: "graph" as const, range: 754_000, end: Date.UTC(2026, 0, 2, 3, 4, 5), moment: Date.UTC(2026, 0, 1) };
  expect(questionOf(parseSearch(stringifySearch({ ...searchOf(question) })))).toEqual(question);
  expect(searchOf({ expr: "up" })).toEqual({ "g0.expr": "up" });
});

it("finds the expression in a generator URL", () => {
  expect(exprOfLink("http://prometheus:9090/p/graph?g0.expr=up+%3D%3D+0&g0.tab=1")).toBe("up == 0");
  expect(exprOfLink("https://prometheus/query?g0.expr=up")).toBe("up");
  expect(exprOfLink("https://prometheus/graph?g0.expr=")).toBeNull();
  expect(exprOfLink("https://grafana/alerting/grafana/x/view")).toBeNull();
});

it("shows an alert from well before it began until its end", () => {
  const now = Date.UTC(2026, 0, 10);
  const ago = (hours: number) => new Date(now - hours * HOUR).toISOString();
  expect(graphOfAlert("up", ago(0.1), null, now)).toEqual({ "g0.expr": "up", "g0.tab": "0" });
  expect(graphOfAlert("up", ago(3), null, now)["g0.range_input"]).toBe("6h");
  expect(graphOfAlert("up", ago(5000), null, now)["g0.range_input"]).toBe("30d");
  expect(graphOfAlert("up", ago(30), ago(29), now)).toMatchObject({ "g0.range_input": "6h", "g0.end_input": "2026-01-08 19:00:00" });
});
