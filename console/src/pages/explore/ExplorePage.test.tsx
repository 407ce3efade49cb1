import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("shows each series with its value as a link of a template asks", async () => {
  openConsole("/graph?g0.expr=node_load1&g0.tab=1", "full");
  const table = await screen.findByRole("table", { name: "Answer" });
  const rows = await within(table).findAllByRole("row", { name: /node_load1/ });
  expect(rows.map((row) => row.textContent)).toEqual(["node_load1instance10.0.0.11:9100jobnode0.25", "node_load1instance10.0.0.12:9100jobnode+Inf"]);
  expect(screen.getByText(/^2 series, evaluated in/)).toBeDefined();
  expect(await screen.findByRole("textbox", { name: "Expression" })).toHaveProperty("textContent", "node_load1");
});

it("draws a graph, of one line alone if somebody wants it, over another span", async () => {
  const { user, router } = openConsole("/graph?g0.expr=node_load1&g0.tab=0&g0.range_input=2h", "full");
  expect(await screen.findByRole("img", { name: "A graph of 2 series" })).toBeDefined();
  expect(screen.getByRole("radio", { name: "2h" })).toHaveProperty("checked", true);
  await user.click(screen.getByRole("button", { name: '{instance="10.0.0.12:9100"}' }));
  expect(await screen.findByRole("img", { name: 'A graph of {instance="10.0.0.12:9100"}' })).toBeDefined();
  await user.click(screen.getByRole("radio", { name: "6h" }));
  expect(router.state.location.search).toEqual({ "g0.expr": "node_load1", "g0.tab": "0", "g0.range_input": "6h" });
  await user.click(screen.getByRole("button", { name: "Earlier" }));
  await waitFor(() => expect(router.state.location.search).toHaveProperty(["g0.end_input"]));
  await user.click(screen.getByRole("button", { name: "Now" }));
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty(["g0.end_input"]));
});

it("knows a span by whichever name it comes", async () => {
  openConsole("/graph?g0.expr=node_load1&g0.tab=0&g0.range_input=1d", "full");
  expect(await screen.findByRole("radio", { name: "24h" })).toHaveProperty("checked", true);
  expect(screen.queryByRole("radio", { name: "1d" })).toBeNull();
});

it("goes from the table to the graph and keeps the expression", async () => {
  const { user, router } = openConsole("/graph?g0.expr=node_load1", "full");
  await user.click(await screen.findByRole("tab", { name: "Graph" }));
  expect(await screen.findByRole("img", { name: "A graph of 2 series" })).toBeDefined();
  expect(router.state.location.search).toEqual({ "g0.expr": "node_load1", "g0.tab": "0" });
});

it("says at the expression what is wrong with it", async () => {
  openConsole("/graph?g0.expr=node_load1%20%3E", "full");
  expect(await screen.findByText("1:13: parse error: unexpected end of input")).toBeDefined();
  const editor = await screen.findByRole("textbox", { name: "Expression", description: /unexpected end of input/ });
  expect(editor.getAttribute("aria-invalid")).toBe("true");
});

it("says what else went wrong, and asks again", async () => {
  const { user } = openConsole("/graph?g0.expr=slow", "full");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("query timed out");
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect((await screen.findByRole("alert")).textContent).toContain("query timed out");
});

it("says when nothing was found, and passes on what there is to remark", async () => {
  openConsole("/graph?g0.expr=warns", "full");
  expect(await screen.findByRole("heading", { name: "No series" })).toBeDefined();
  expect(screen.getByText("PromQL warning: odd")).toBeDefined();
});

it("shows a number that is no series", async () => {
  openConsole("/graph?g0.expr=1%20%2B%201", "full");
  expect(await screen.findByRole("row", { name: "no labels 2" })).toBeDefined();
});

it("offers something to begin with", async () => {
  const { user, router } = openConsole("/graph", "full");
  await user.click(await screen.findByRole("link", { name: /^Targets that do not answer/ }));
  await waitFor(() => expect(router.state.location.search).toEqual({ "g0.expr": "up == 0" }));
  expect(await screen.findByRole("heading", { name: "No series" })).toBeDefined();
});

it("takes the address of Prometheus 3 too", async () => {
  const { router } = openConsole("/query?g0.expr=node_load1&g0.tab=graph", "full");
  expect(await screen.findByRole("img", { name: "A graph of 2 series" })).toBeDefined();
  expect(router.state.location.pathname).toBe("/graph");
});

it("makes a policy of what is looked at", async () => {
  const { user } = openConsole("/graph?g0.expr=node_load1%20%3E%201", "full");
  await user.click(await screen.findByRole("link", { name: "New policy from this" }));
  expect(await screen.findByRole("heading", { level: 1, name: "New policy" })).toBeDefined();
  expect(await screen.findByRole("textbox", { name: "Expression" })).toHaveProperty("textContent", "node_load1 > 1");
});

it("is where an alert and its policy lead", async () => {
  const { router } = openConsole("/alerts/a2", "full");
  const link = await screen.findByRole("link", { name: "See how it went" });
  expect(link.getAttribute("href")).toMatch(/^\/graph\?g0\.expr=rate%28kube_pod_container_status_restarts_total%5B10m%5D%29\+%3E\+0&g0\.tab=0&g0\.range_input=6h$/);
  await router.navigate({ to: "/policies/$policyId", params: { policyId: "20" } });
  const rule = (await screen.findByRole("heading", { name: "Rule" })).closest("section") as HTMLElement;
  expect(within(rule).getByRole("link", { name: "Explore" }).getAttribute("href")).toMatch(/^\/graph\?g0\.expr=.+&g0\.tab=0$/);
});

it("is where an annotation leads that a template has made a link", async () => {
  const { user } = openConsole("/alerts/a2", "full");
  await user.click(await screen.findByRole("link", { name: "/graph?g0.expr=node_load1&g0.tab=0" }));
  expect(await screen.findByRole("img", { name: "A graph of 2 series" })).toBeDefined();
});

it("asks for a login when the session has ended", async () => {
  const { user, scenario } = openConsole("/graph?g0.expr=node_load1", "full");
  await screen.findByRole("table", { name: "Answer" });
  scenario.session = null;
  await user.click(screen.getByRole("button", { name: "Run" }));
  expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeDefined();
});
