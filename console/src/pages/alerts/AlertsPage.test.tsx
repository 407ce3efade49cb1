import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("keeps the filter in the address", async () => {
  const { user, router } = openConsole("/alerts", "full");
  const table = await screen.findByRole("table", { name: "Alerts" });
  await within(table).findByRole("link", { name: /is full in about 3 hours/ });
  expect(within(table).queryByText("Target node on web-3 was down")).toBeNull();

  await user.click(within(screen.getByRole("group", { name: "State" })).getByRole("button", { name: /Resolved/ }));
  expect(await within(table).findByText("Target node on web-3 was down")).toBeDefined();
  await user.keyboard("/");
  await user.keyboard("web-3");
  expect(await screen.findByText(/web-3 was down/)).toBeDefined();
  await expect.poll(() => router.state.location.search).toEqual({ state: "firing,pending,resolved", q: "web-3" });
});

it("opens an alert beside the list and says who was told", async () => {
  const { user, router } = openConsole("/alerts?severity=warning", "full");
  await user.click(await screen.findByRole("link", { name: "Memory usage of web-1 is 93 %" }));
  const panel = await screen.findByRole("dialog", { name: "Memory usage of web-1 is 93 %" });
  expect(await within(panel).findByText("Told in #alerts. The message to #ops-critical is paused: this channel is archived at Slack.")).toBeDefined();
  await user.keyboard("{Escape}");
  expect(router.state.location.href).toBe("/alerts?severity=warning");
});

it("leads from an alert to who hears it by the routes", async () => {
  const { user, router } = openConsole("/alerts/a2", "withFile");
  const link = await screen.findByRole("link", { name: "Which receivers hear this?" });
  link.focus();
  await user.keyboard("{Enter}");
  await expect.poll(() => router.state.location.href).toBe("/routing?alert=a2");
});

it("does not lead to routes where no file has any", async () => {
  openConsole("/alerts/a2", "full");
  await screen.findByText("Who is told");
  await screen.findByText(/Messages do not go to Slack/);
  expect(screen.queryByRole("link", { name: "Which receivers hear this?" })).toBeNull();
});

it.each([
  ["an Alertmanager's webhook", "a6", /^Endsin (23 h 59 min|1 d) unless Alertmanager speaks again$/],
  ["Prometheus", "a2", /^Endsin 3 min unless Prometheus sends it again$/],
])("says when an alert of %s ends by itself", async (_, id, words) => {
  openConsole(`/alerts/${id}`, "full");
  const ends = await screen.findByText("Ends");
  expect(ends.parentElement?.textContent).toMatch(words);
});

it("names no end of what a policy says", async () => {
  openConsole("/alerts/a1", "full");
  await screen.findByText("Came from");
  expect(screen.queryByText("Ends")).toBeNull();
});

it("says which alert inhibits another, and leads there", async () => {
  const { user, router } = openConsole("/alerts", "full");
  const table = await screen.findByRole("table", { name: "Alerts" });
  expect(await within(table).findByText("Inhibited")).toBeDefined();
  await user.click(within(table).getByRole("link", { name: "Pod checkout-7d9f crashes again and again" }));
  const panel = await screen.findByRole("dialog", { name: "Pod checkout-7d9f crashes again and again" });
  const [link] = await within(panel).findAllByRole("link", { name: "NodeFilesystemAlmostFull, node db-2" });
  if (!link) throw new Error("no link");
  expect(link.parentElement?.textContent).toBe("NodeFilesystemAlmostFull, node db-2 (rule node-down)");
  await user.click(link);
  expect(router.state.location.pathname).toBe("/alerts/a0");
});

it("says what to do when nothing fires", async () => {
  openConsole("/alerts", "empty");
  expect(await screen.findByText("All is quiet")).toBeDefined();
  expect(screen.getByRole("link", { name: "See what is watched" })).toBeDefined();
});

it("says what to do when the server fails", async () => {
  openConsole("/alerts", "error");
  expect(await screen.findByRole("button", { name: "Try again" })).toBeDefined();
});

it("shows the last page when the one in the address is no more", async () => {
  const { router } = openConsole("/alerts?page=9", "full");
  expect(await screen.findByRole("link", { name: "Memory usage of web-1 is 93 %" })).toBeDefined();
  expect(router.state.location.search).toEqual({});
});

it("says by which silence an alert is silenced, and leads there", async () => {
  const { user, router } = openConsole("/alerts/a6", "full");
  const panel = await screen.findByRole("dialog", { name: "The last backup of etcd is two days old" });
  expect(await within(panel).findByText("Silenced: not told for now")).toBeDefined();
  const link = within(panel).getAllByRole("link", { name: "admin (The bucket moves, OPS-412)" })[0] ?? panel;
  await user.click(link);
  expect(router.state.location.pathname).toBe("/silences/5e1f0000-0000-4000-8000-000000000001");
});

it("shows as a trail what led to the answer for each receiver, and what is about to come", async () => {
  openConsole("/alerts/a1", "full");
  const trail = await screen.findByRole("list", { name: "What led there for Slack" });
  const steps = within(trail).getAllByRole("listitem").map(({ textContent }) => textContent ?? "");
  expect(steps[0]).toContain("Its notification conditions let it through");
  expect(steps[1]).toContain("DeliveredFirst notification in #alerts");
  expect(steps[2]).toContain("Waits because its channel is paused: this channel is archived at Slack. 3 attempts.");
  expect(steps[3]).toContain("Its group looks again");
  expect(steps[4]).toContain("It is said again");
  expect(within(trail).getByRole("link", { name: /Open in Slack/ }).getAttribute("href")).toContain("/archives/");
  expect(within(trail).getAllByRole("link", { name: /First notification/ })[0]?.getAttribute("href")).toBe("/deliveries/d1");
});

it("keeps those out of the way who are not meant to hear of an alert, and says why", async () => {
  const { user } = openConsole("/alerts/a1", "full");
  await user.click(await screen.findByText("1 receiver is not meant to hear of it"));
  expect(screen.getByText(/namespace is shop; the alert has no label namespace/)).toBeDefined();
});

it("leads from a trail to the silence and to the alert that kept it from being told", async () => {
  const { router } = openConsole("/alerts/a6", "full");
  const trail = await screen.findByRole("list", { name: "What led there for Slack" });
  expect(within(trail).getByRole("link", { name: "admin (The bucket moves, OPS-412)" })).toBeDefined();
  await router.navigate({ to: "/alerts/$alertId", params: { alertId: "a2" } });
  const inhibited = await screen.findByRole("list", { name: "What led there for Slack" });
  expect(within(inhibited).getByRole("link", { name: "NodeFilesystemAlmostFull, node db-2" }).getAttribute("href")).toBe("/alerts/a0");
});

it("says why nobody is told of a heartbeat, and that a pending alert is told when it fires", async () => {
  const { router } = openConsole("/alerts/a4", "full");
  expect(await screen.findByText("Nobody is told: a heartbeat is shown, never sent.")).toBeDefined();
  await router.navigate({ to: "/alerts/$alertId", params: { alertId: "a3" } });
  expect(await screen.findByText("Nobody yet: it is told when it fires.")).toBeDefined();
});
