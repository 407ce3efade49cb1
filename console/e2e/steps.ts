import type { Page } from "playwright-core";
import { expect } from "vitest";

/** The password that the administrator of these stories chooses. */
export const PASSWORD = "correct horse battery staple";

export async function logIn(page: Page, password: string, name = "admin"): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Logs in for the first time and chooses a password, as the console demands. */
export async function enter(page: Page, once: string, name = "admin"): Promise<void> {
  await logIn(page, once, name);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Repeat the password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("button", { name: "Platform" }).waitFor();
}

/** Lets groups speak soon, so that a story does not have to wait. */
export async function speakSoon(page: Page): Promise<void> {
  await page.goto("/settings/notifications/grouping");
  await page.getByLabel("Group wait").fill("0s");
  await page.getByLabel("Group interval").fill("1s");
  await page.getByRole("button", { name: "Update" }).click();
  await says(page, "Updated. Waits that already run keep their time.");
}

/** Sets a first receiver up, for alerts of one name, and saves it. */
export async function addReceiver(page: Page, token: string, channel: string, alert: string): Promise<void> {
  await page.goto("/settings/notifications/slack/new");
  await page.getByLabel("Slack Token").fill(token);
  await addChannel(page, channel, "enter");
  await page.getByRole("checkbox", { name: "Notification Conditions" }).check();
  const condition = page.getByRole("group", { name: "Condition 1" });
  await condition.getByLabel("Label").fill("alertname");
  await condition.getByLabel("Label").press("Escape");
  await condition.getByLabel("Values").fill(alert);
  await condition.getByLabel("Values").press("Enter");
  await page.getByRole("switch", { name: "Receive Notifications" }).press("Space");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page, /Saved just now by/);
}

/** The menu in the top-left corner, as the description of the system has it. */
export async function goToSlack(page: Page): Promise<void> {
  const platform = page.getByRole("button", { name: "Platform" });
  const corner = await platform.boundingBox();
  expect(corner && corner.x < 60 && corner.y < 60).toBe(true);
  await platform.click();
  await page.getByRole("menuitem", { name: /^Platform Settings/ }).click();
  await page.getByRole("link", { name: "Slack", exact: true }).click();
}

export async function addChannel(page: Page, channel: string, how: "button" | "enter"): Promise<void> {
  const input = page.getByRole("textbox", { name: "Channel", exact: true });
  await input.fill(channel);
  if (how === "enter") await input.press("Enter");
  else await page.getByRole("button", { name: "Add channel" }).click();
}

/** What the list of channels shows, in order. */
export async function channelList(page: Page): Promise<string[]> {
  const buttons = await page.getByRole("button", { name: /^Remove / }).all();
  const names = await Promise.all(buttons.map((button) => button.getAttribute("aria-label")));
  return names.map((name) => (name ?? "").replace("Remove ", ""));
}

/** Somebody posts alerts with these labels, as Prometheus does; they are over since `endsAt`, if that is given. */
export async function fire(address: string, alerts: Record<string, string>[], endsAt?: string): Promise<void> {
  const summary = (labels: Record<string, string>) => `${labels["alertname"] ?? ""} on ${labels["node"] ?? ""}`;
  const body = JSON.stringify(alerts.map((labels) => ({ labels, endsAt, annotations: { summary: summary(labels) } })));
  const answer = await fetch(`${address}/api/v2/alerts`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  expect(answer.status).toBe(200);
}

/** Keeps what this very machine may be told of out of a story whose alerts are counted. */
export async function silentPolicies(page: Page): Promise<void> {
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ enabled: false, version: 0 });
    return (await fetch("/api/larum/v1/settings/alerting", { method: "PUT", headers: { "Content-Type": "application/json" }, body })).status;
  });
  expect(status).toBe(200);
}

/** Waits until the page says this. */
export async function says(page: Page, words: string | RegExp): Promise<void> {
  await page.getByText(words).first().waitFor();
}
