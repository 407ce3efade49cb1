import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("shows each route with whom it tells, what it inherits and when it is mute", async () => {
  openConsole("/routing", "alertmanager");
  const tree = await screen.findByRole("list", { name: "Routes" });
  const routeOf = (receiver: string) => within(tree).getByText(receiver).closest("[id^=route-]") as HTMLElement;
  expect(routeOf("pager").textContent).toContain('severity="critical"');
  expect(within(routeOf("pager")).getByText("wait 5s").hasAttribute("data-inherited")).toBe(false);
  expect(within(routeOf("pager")).getByText("repeat 4h").hasAttribute("data-inherited")).toBe(true);
  expect(routeOf("shop-mail").textContent).toMatch(/Mute now mute at night; speaks again in 1 h 3[45] min/);
  expect(routeOf("nobody").textContent).toContain("Speaks now active at office");
});

it("marks the ways of labels that are typed, and names who would hear", async () => {
  const { user, router, writes } = openConsole("/routing", "alertmanager");
  await user.type(await screen.findByRole("textbox", { name: "Labels of the alert" }), "severity");
  expect(await screen.findByText("Bad matcher format: severity.")).toBeDefined();
  await user.type(screen.getByRole("textbox", { name: "Labels of the alert" }), "=critical");
  expect(await screen.findByText("1 receiver would be told.")).toBeDefined();
  const list = screen.getByRole("list", { name: "Who would hear" });
  expect(list.textContent).toContain("Nobody is told: Larum has no email.");
  await waitFor(() => expect(router.state.location.search).toEqual({ labels: "severity=critical" }));
  expect(writes.at(-1)).toMatchObject({ path: "/routing/test", body: { labels: "severity=critical" } });
  const ways = document.querySelectorAll("[data-way]");
  expect([...ways].map(({ id }) => id)).toEqual(["route-0", "route-1", "route-2", "route-3"]);
});

it("takes the labels of an alert that a link names", async () => {
  const { writes } = openConsole("/routing?alert=a6", "alertmanager");
  expect(await screen.findByRole("link", { name: "The last backup of etcd is two days old" })).toBeDefined();
  await waitFor(() => expect(writes.at(-1)).toMatchObject({ body: { labels: '{alertname="EtcdBackupMissing", namespace="kube-system", severity="warning"}' } }));
});

it("shows receivers that are paused and those that Larum cannot tell", async () => {
  openConsole("/routing", "alertmanager");
  const receivers = await screen.findByRole("list", { name: "Receivers of the file" });
  expect(within(receivers).getByText("Paused").closest("li")?.textContent).toContain("It refuses what it is sent: 404 Not Found.");
  expect(within(receivers).getByRole("link", { name: "2 messages wait" }).getAttribute("href")).toBe("/deliveries?receiver=902");
  expect(within(receivers).getAllByText("Not supported")).toHaveLength(2);
});

it("says what was wrong when the file was last read", async () => {
  openConsole("/routing", "alertmanagerWrong");
  expect(await screen.findByText("The files were wrong when they were last read")).toBeDefined();
  expect(screen.getByText(/there is no receiver "pagre"/)).toBeDefined();
});

it("without a file it says how to give one, and a viewer reads why it is closed", async () => {
  openConsole("/routing", "full");
  expect(await screen.findByText("--config.file")).toBeDefined();
});

it("is closed to a viewer, with the reason", async () => {
  openConsole("/routing", "viewer");
  expect(await screen.findByRole("heading", { name: "The routes are closed to you" })).toBeDefined();
});

it("the receivers of the file stand beside those of the console", async () => {
  openConsole("/settings/notifications/slack", "withFile");
  const receivers = await screen.findByRole("list", { name: "Receivers of the file" });
  expect(within(receivers).getByText("pager")).toBeDefined();
});
