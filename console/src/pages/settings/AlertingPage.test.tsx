import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("asks before it switches off, and says how many alerts end and that others go on", async () => {
  const { user, writes } = openConsole("/settings/alerting", "full");
  await user.click(await screen.findByRole("button", { name: "Switch alerting off…" }));
  const dialog = await screen.findByRole("dialog", { name: "Switch alerting off?" });
  expect(dialog.textContent).toContain("Switching it off now ends 2 alerts of policies that fire, which is told once, and drops 1 that is pending.");
  expect(dialog.textContent).toContain("Alerts from Prometheus and Alertmanager go on: 2 fire now.");
  await user.click(within(dialog).getByRole("button", { name: "Switch off" }));
  expect(await screen.findByRole("heading", { name: "Alerting is off" })).toBeDefined();
  expect(writes.at(-1)).toMatchObject({ path: "/settings/alerting", body: { enabled: false, version: 4 } });
});

it.each(["/alerts", "/policies", "/policies/20", "/deliveries"])("while it is off %s says so, with a way back", async (path) => {
  openConsole(path, "off");
  const link = await screen.findByRole("link", { name: "Switch it on again" });
  expect(link.getAttribute("href")).toBe("/settings/alerting");
  expect(link.parentElement?.textContent).toMatch(/Alerting was switched off \d min ago by grace: no policy is evaluated/);
});

it("while it is off a policy does not look well", async () => {
  openConsole("/policies/8", "off");
  expect(await screen.findByText("Alerting off")).toBeDefined();
  expect(screen.getByText("not evaluated")).toBeDefined();
  expect(await screen.findByText("None: alerting is switched off.")).toBeDefined();
});

it("is switched on without a question", async () => {
  const { user, writes } = openConsole("/settings/alerting", "off");
  await user.click(await screen.findByRole("button", { name: "Switch alerting on" }));
  expect(await screen.findByRole("heading", { name: "Alerting is on" })).toBeDefined();
  expect(writes.at(-1)).toMatchObject({ body: { enabled: true } });
});

it("who comes late is told, and what somebody else did stands", async () => {
  const { user, scenario } = openConsole("/settings/alerting", "full");
  await user.click(await screen.findByRole("button", { name: "Switch alerting off…" }));
  scenario.alertingVersion = 5;
  await user.click(await screen.findByRole("button", { name: "Switch off" }));
  expect(await screen.findByText(/Somebody switched alerting in the meantime/)).toBeDefined();
});
