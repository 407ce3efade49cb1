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
  expect(await within(panel).findByText(/its conditions do not match/)).toBeDefined();
  await user.keyboard("{Escape}");
  expect(router.state.location.href).toBe("/alerts?severity=warning");
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
  const link = await within(panel).findByRole("link", { name: "NodeFilesystemAlmostFull, node db-2" });
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
  await user.click(within(panel).getByRole("link", { name: "admin (The bucket moves, OPS-412)" }));
  expect(router.state.location.pathname).toBe("/silences/5e1f0000-0000-4000-8000-000000000001");
});
