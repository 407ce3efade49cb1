import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("filters by a channel that receivers have", async () => {
  const { user, router } = openConsole("/deliveries", "full");
  await user.click(await screen.findByRole("combobox", { name: "Channel" }));
  await user.keyboard("crit{Enter}");
  await expect.poll(() => router.state.location.search).toEqual({ channel: "#ops-critical" });
  expect(await screen.findByText(/Slack refuses|invalid_blocks/)).toBeDefined();
});

it("draws the message, and gives the keyboard back to the list", async () => {
  const { user } = openConsole("/deliveries", "full");
  const link = await screen.findByRole("link", { name: /^FIRING \(3\) KubePodCrashLooping/ });
  link.focus();
  await user.keyboard("{Enter}");
  const panel = await screen.findByRole("dialog", { name: /KubePodCrashLooping/ });
  expect(await within(panel).findByRole("group", { name: "Message as it looks" })).toBeDefined();
  await user.keyboard("{Escape}");
  await expect.poll(() => document.activeElement).toBe(link);
});

it("leads from what waits to what goes before it, and from a pause to its receiver", async () => {
  const { user, router } = openConsole("/deliveries/d9", "full");
  await user.click(await screen.findByRole("link", { name: "See the one before it" }));
  await expect.poll(() => router.state.location.pathname).toBe("/deliveries/d1");
  expect(screen.queryByText("Waits")).toBeNull();
  await router.navigate({ to: "/deliveries/$deliveryId", params: { deliveryId: "d0" } });
  const link = await screen.findByRole("link", { name: "Open the receiver" });
  expect(link.getAttribute("href")).toBe("/settings/notifications/slack/1");
});
