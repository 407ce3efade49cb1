import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("tells what changed from what to what, for how long, and why", async () => {
  openConsole("/history", "full");
  const table = await screen.findByRole("table", { name: "History" });
  const rows = await within(table).findAllByRole("row", { name: /Memory of web-1/ });
  expect(rows[0]?.textContent).toMatch(/Firing.*Resolved.*41 min.*resolved.*was 90.4 %/);
  expect(rows[1]?.textContent).toMatch(/Pending.*Firing.*5 min/);
  expect(within(table).getByText(/connection refused/)).toBeDefined();
  expect(within(table).getByText("Alerting as a whole")).toBeDefined();
  expect(within(rows[0] ?? table).getByRole("link", { name: "Memory is short" }).getAttribute("href")).toBe("/policies/20");
});

it("keeps what is searched for in the address", async () => {
  const { user, router } = openConsole("/history", "full");
  await user.type(await screen.findByRole("textbox", { name: /^Labels/ }), "pod=api-7f9");
  await expect.poll(() => router.state.location.search).toEqual({ filter: "pod=api-7f9" });
  await expect.poll(() => screen.queryByText("Memory of web-1 is short")).toBeNull();
  await user.click(screen.getByRole("radio", { name: "7d" }));
  await user.click(screen.getByRole("button", { name: /^Error/ }));
  await expect.poll(() => router.state.location.search).toEqual({ filter: "pod=api-7f9", period: "7d", state: "error" });
  expect(await screen.findByRole("heading", { name: "Nothing matches" })).toBeDefined();
});

it("takes a time of its own", async () => {
  const { user, router } = openConsole("/history?period=1h", "full");
  await user.click(await screen.findByRole("radio", { name: "Custom" }));
  expect(await screen.findByLabelText("From")).toBeDefined();
  const { from, to } = router.state.location.search as { from: string; to: string };
  expect(Date.parse(to) - Date.parse(from)).toBe(3_600_000);
});

it("goes through the spans of a policy's timeline with the arrow keys", async () => {
  const { user } = openConsole("/policies/20", "full");
  const lane = await screen.findByRole("slider", { name: "node web-1" });
  expect(screen.getByText(/began to fire 3 times/)).toBeDefined();
  lane.focus();
  await expect.poll(() => lane.getAttribute("aria-valuetext")).toMatch(/^Kept firing from/);
  await user.keyboard("{ArrowLeft}");
  expect(lane.getAttribute("aria-valuetext")).toMatch(/^Firing from/);
  const link = await screen.findByRole("link", { name: "Open the alert" });
  expect(link.getAttribute("href")).toBe("/alerts/a1");
  expect(screen.getByText(/4 more series/)).toBeDefined();
});
