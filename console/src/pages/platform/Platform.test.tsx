import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("says what is wrong with a server, since when, and what to do", async () => {
  openConsole("/metrics-source", "several");
  const trouble = (await screen.findByText("Policies cannot be evaluated as they should")).closest("[role=status]");
  expect(trouble?.textContent).toContain("Connection refused");
  expect(trouble?.textContent).toContain("Check that the server runs");
  expect(trouble?.textContent).toMatch(/It began 1\d min ago, with 48 failures in a row/);
});

it("says on every page that the metrics source does not answer", async () => {
  openConsole("/alerts", "several");
  const banner = (await screen.findByText(/The metrics source has not answered for/)).closest("[role=status]") as HTMLElement;
  expect(banner.textContent).toMatch(/for [34] min: policies see nothing new/);
  expect(within(banner).getByRole("link", { name: "See why" }).getAttribute("href")).toBe("/metrics-source");
});

it("shows how full the memory is, and the targets that are down", async () => {
  const { user, router } = openConsole("/metrics-source", "full");
  expect(await screen.findByRole("progressbar", { name: "Memory for series: 8.96 MiB of 256 MiB" })).toBeDefined();
  const table = await screen.findByRole("table", { name: "Scraped targets" });
  expect(await within(table).findByText("http://10.0.0.11:9100/metrics")).toBeDefined();
  await user.click(screen.getByRole("button", { name: /^Down/ }));
  await waitFor(() => expect(within(table).queryByText("http://10.0.0.11:9100/metrics")).toBeNull());
  expect(within(table).getByText("cannot connect: Connection refused")).toBeDefined();
  expect(router.state.location.search).toEqual({ health: "down" });
});

it("shows the last page of targets when the one in the address is no more", async () => {
  const { router } = openConsole("/metrics-source?page=9", "full");
  expect(await screen.findByText("http://10.0.0.11:9100/metrics")).toBeDefined();
  expect(router.state.location.search).toEqual({});
});

it("without targets it says how to add some", async () => {
  openConsole("/metrics-source", "empty");
  expect(await screen.findByText("--prometheus.config-file")).toBeDefined();
  expect(screen.queryByRole("table", { name: "Scraped targets" })).toBeNull();
});

it("shows an error of a rule file at its place, what it leads to, and what was missed", async () => {
  openConsole("/rule-files", "full");
  const wrong = await screen.findByRole("list", { name: "What is wrong in /etc/larum/rules/tanks.yml" });
  expect(wrong.textContent).toContain("11:11");
  expect(within(wrong).getByRole("link", { name: "Mistyped" }).getAttribute("href")).toBe("/policies/20");
  expect(screen.getByText("3 evaluations missed")).toBeDefined();
  expect(screen.getByRole("link", { name: "TankTooFull" }).getAttribute("href")).toBe("/policies/21");
});

it("reloads rule files and says what came of it", async () => {
  const { user, writes } = openConsole("/rule-files", "full");
  await screen.findByText("/etc/larum/rules/tanks.yml");
  await user.click(screen.getByRole("button", { name: "Reload" }));
  expect(await screen.findByText("Read 1 file with 2 rules. 1 file has errors, shown below.")).toBeDefined();
  expect(writes.at(-1)).toMatchObject({ method: "POST", path: "/rule-files/reload" });
});

it("a viewer cannot reload and reads why", async () => {
  openConsole("/rule-files", "viewer");
  expect(await screen.findByRole("button", { name: "Reload" })).toHaveProperty("disabled", true);
});

it("an inhibition rule is a sentence that leads to what it hides", async () => {
  openConsole("/inhibitions", "full");
  const [first, second] = within(await screen.findByRole("list", { name: "Inhibition rules" })).getAllByRole("listitem");
  expect(first?.textContent).toContain('While an alert with alertname="NodeFilesystemAlmostFull" fires, alerts with severity=~"error|warning" and the same cluster and node are not told.');
  const link = within(first as HTMLElement).getByRole("link", { name: "1 alert not told now" });
  expect(link.getAttribute("href")).toBe("/alerts?state=firing&inhibited=node-down");
  expect(second?.textContent).toContain('While an alert with any labels fires, alerts with severity="info" are not told.');
});

it("a heartbeat that has stopped comes first and says what to look at", async () => {
  openConsole("/heartbeats", "full");
  expect(await screen.findByText("A heartbeat has stopped")).toBeDefined();
  const rows = within(screen.getByRole("table", { name: "Heartbeats" })).getAllByRole("row");
  expect(rows[1]?.textContent).toContain("see whether it runs");
  expect(rows[2]?.textContent).toContain("Beating");
});
