import type { Page } from "playwright-core";
import { expect } from "vitest";

/** The password that the administrator of these stories chooses. */
export const PASSWORD = "correct horse battery staple";

export async function logIn(page: Page, password: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
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

/** Waits until the page says this. */
export async function says(page: Page, words: string | RegExp): Promise<void> {
  await page.getByText(words).first().waitFor();
}
