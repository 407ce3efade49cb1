import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfit } from "./axe";
import { type House, oneTimePassword, open, type Person } from "./house";
import { enter, fire, says, silentPolicies } from "./steps";

/** Somebody silences an alert from its own page, sees it hidden, and ends that again. */
let house: House;
let ada: Person;

beforeAll(async () => {
  house = await open("silences");
  ada = await house.person();
  await enter(ada.page, await oneTimePassword(house));
  await silentPolicies(ada.page);
  await fire(house.address, [
    { alertname: "DiskFull", node: "web-1", severity: "critical" },
    { alertname: "DiskFull", node: "web-2", severity: "critical" },
    { alertname: "CertificateExpires", node: "web-1", severity: "warning" },
    { alertname: "QueueIsLong", node: "mail-1", severity: "info" },
  ]);
});

afterAll(async () => {
  await house.close();
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
});

test("before anything is silenced the page says how", async () => {
  const { page, picture } = ada;
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Silences" }).click();
  await says(page, "Nothing is silenced");
  await picture("none");
});

test("an alert is silenced from its page, with its labels as matchers", async () => {
  const { page, picture } = ada;
  await page.goto("/alerts");
  await page.getByRole("link", { name: "DiskFull on web-1" }).click();
  await page.getByRole("link", { name: "Silence…" }).click();
  await says(page, "It hides 1 of the 4 alerts that fire now.");
  expect(await page.getByRole("group", { name: /^Matcher / }).count()).toBe(3);
  await picture("from-alert");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page, "Say why, so that others know.");
  await page.getByRole("textbox", { name: "Comment" }).fill("A new disk is on its way");
  await page.getByRole("button", { name: "8 hours" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const panel = page.getByRole("dialog", { name: "A new disk is on its way" });
  await panel.getByText("Hides 1 of the alerts that fire now").waitFor();
  await panel.getByRole("link", { name: "DiskFull on web-1" }).waitFor();
  await picture("silenced");
});

test("the alert says that it is silenced, by whom and why", async () => {
  const { page, picture } = ada;
  await page.goto("/alerts");
  await page.getByText("Silenced", { exact: true }).waitFor();
  expect(await page.getByText("Silenced", { exact: true }).count()).toBe(1);
  await picture("alerts");
  await page.getByRole("link", { name: "DiskFull on web-1" }).click();
  await page.getByRole("link", { name: "admin (A new disk is on its way)" }).waitFor();
  await picture("alert");
});

test("what is hidden follows the matchers, and too much of it is asked about once more", async () => {
  const { page, picture } = ada;
  await page.goto("/silences");
  await page.getByRole("link", { name: "Edit: A new disk is on its way" }).click();
  await page.getByRole("button", { name: "Edit as text" }).click();
  const text = page.getByRole("textbox", { name: "Matchers as text" });
  expect(await text.inputValue()).toBe('{alertname="DiskFull", node="web-1", severity="critical"}');
  await text.fill('{node=~"web-("}');
  await says(page, /missing closing \)/);
  await picture("wrong");
  await text.fill('{node=~"web-.*"}');
  await says(page, "It hides 3 of the 4 alerts that fire now.");
  await says(page, "These are 3 of 4 alerts that fire now: more than half.");
  await picture("most");
  await page.getByRole("button", { name: "Update" }).click();
  const dialog = page.getByRole("dialog", { name: "Hide so much?" });
  await picture("doubt");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await text.fill('{alertname="DiskFull", node=~"web-.*"}');
  await says(page, "It hides 2 of the 4 alerts that fire now.");
  await page.getByRole("button", { name: "Edit as fields" }).click();
  await page.getByRole("group", { name: "Matcher 2" }).waitFor();
  expect(await page.getByRole("group", { name: /^Matcher / }).count()).toBe(2);
  await page.getByRole("button", { name: "Update" }).click();
  await says(page, "Updated: a new silence has taken the place of the old one, which is over.");
  await page.getByRole("dialog").getByText("Hides 2 of the alerts that fire now").waitFor();
});

test("a silence that somebody else makes shows up by itself", async () => {
  const { page } = ada;
  await page.goto("/silences");
  await page.getByRole("button", { name: /^Active\s*1/ }).waitFor();
  const made = await page.evaluate(async () => {
    const body = JSON.stringify({ text: "alertname=QueueIsLong", duration: "30m", comment: "The queue is being emptied" });
    return (await fetch("/api/larum/v1/silences", { method: "POST", headers: { "Content-Type": "application/json" }, body })).status;
  });
  expect(made).toBe(201);
  await says(page, "The queue is being emptied");
});

test("it is expired after a question, and that can be taken back", async () => {
  const { page, picture } = ada;
  await page.getByRole("button", { name: "Expire: A new disk is on its way" }).click();
  const dialog = page.getByRole("dialog", { name: "End this silence now?" });
  await picture("expire");
  await dialog.getByRole("button", { name: "Expire silence" }).click();
  await says(page, "The silence is over.");
  await page.getByRole("button", { name: /^Active\s*1/ }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: /^Active\s*2/ }).waitFor();
  await page.getByRole("button", { name: "Expire: A new disk is on its way" }).click();
  await dialog.getByRole("button", { name: "Expire silence" }).click();
  await page.getByRole("button", { name: /^Expired/ }).click();
  await page.getByRole("link", { name: "Silence again: A new disk is on its way" }).first().waitFor();
  await picture("list");
  await page.goto("/alerts");
  await page.getByText("Silenced", { exact: true }).waitFor();
  expect(await page.getByText("Silenced", { exact: true }).count()).toBe(1);
});

test("the pages fit a phone, and a screen reader can read them", async () => {
  const { page } = ada;
  expect(await unfit(page, ["/silences?state=active,pending,expired", "/silences/new", "/silences/new?matchers=a"])).toEqual([]);
});
