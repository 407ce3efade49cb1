import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { faults } from "./axe";
import { type House, oneTimePassword, open, type Person } from "./house";
import { addReceiver, enter, fire, says, silentPolicies, speakSoon } from "./steps";

/** Somebody asks of alerts who was told, when, where, and why not; receivers stand in the console and in a file. */
let house: House;
let ada: Person;
let hook: Server;
let folder: string;

/** A file whose webhook is told of everything, but of night shifts never. */
function file(port: number): string {
  const webhook = { webhook_configs: [{ url: `http://127.0.0.1:${String(port)}/` }] };
  const always = { name: "always", time_intervals: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }] };
  const nights = { receiver: "nights", matchers: ['team="nights"'], mute_time_intervals: ["always"] };
  // Whatever is JSON is YAML as well.
  return JSON.stringify({
    route: { receiver: "hook", group_by: ["alertname"], group_wait: "0s", group_interval: "1s", routes: [nights] },
    receivers: [{ name: "hook", ...webhook }, { name: "nights", ...webhook }],
    time_intervals: [always],
  });
}

/** Opens an alert's page by what it says. */
async function look(summary: string) {
  await ada.page.goto("/alerts");
  await ada.page.getByRole("link", { name: summary }).click();
  return ada.page.getByRole("dialog", { name: summary });
}

beforeAll(async () => {
  hook = createServer((_, answer) => answer.end("ok"));
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  folder = await mkdtemp(join(tmpdir(), "larum-why-"));
  await writeFile(join(folder, "alertmanager.yml"), file((hook.address() as AddressInfo).port));
  house = await open("why", ["--config.file", join(folder, "alertmanager.yml")]);
  ada = await house.person();
  await enter(ada.page, await oneTimePassword(house));
  await silentPolicies(ada.page);
  await speakSoon(ada.page);
  await addReceiver(ada.page, house.botToken, "alerts", "DiskFull");
});

afterAll(async () => {
  await house.close();
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
});

test("an alert says who was told, when, and where, and leads to Slack", async () => {
  await fire(house.address, [{ alertname: "DiskFull", node: "web-1", severity: "critical" }]);
  await house.hears("alerts", 1);
  const panel = await look("DiskFull on web-1");
  const slack = panel.getByRole("list", { name: "What led there for Slack" });
  await slack.getByText("Delivered").waitFor();
  await panel.getByText("Told in #alerts.").waitFor();
  await slack.getByRole("link", { name: /First notification in #alerts/ }).waitFor();
  expect(await slack.getByRole("link", { name: /Open in Slack/ }).getAttribute("href")).toContain("/archives/");
  await slack.getByText("It is said again, if it still fires and nothing changes").waitFor();
  await panel.getByText("Told by webhook[0].").waitFor();
  await panel.getByText("The root route leads to it.").waitFor();
  const names = await ada.page.evaluate(async () => {
    const answer = (await (await fetch("/api/larum/v1/deliveries/receivers")).json()) as { receivers: { name: string }[] };
    return answer.receivers.map(({ name }) => name);
  });
  expect(names).toEqual(expect.arrayContaining(["Slack", "hook webhook[0]", "nights webhook[0]"]));
  await ada.picture("told");
});

test("those who are not meant to hear of it stand apart, with the matcher that does not match", async () => {
  const { page } = ada;
  const others = page.getByText("1 receiver is not meant to hear of it");
  await others.focus();
  await page.keyboard.press("Enter");
  await says(page, 'The route {team="nights"} does not lead to it: team="nights" does not match: the alert has no label team.');
  await ada.picture("others");
});

test("a silence, and a time at which a route is mute, are named where they kept it from being told", async () => {
  const { page } = ada;
  const made = await page.evaluate(async () => {
    const body = JSON.stringify({ text: "node=web-2", duration: "2h", comment: "A new disk is on its way" });
    return (await fetch("/api/larum/v1/silences", { method: "POST", headers: { "Content-Type": "application/json" }, body })).status;
  });
  expect(made).toBe(201);
  await fire(house.address, [{ alertname: "DiskFull", node: "web-2", severity: "critical" }]);
  const silenced = await look("DiskFull on web-2");
  const slack = silenced.getByRole("list", { name: "What led there for Slack" });
  await slack.getByRole("link", { name: "admin (A new disk is on its way)" }).waitFor();
  await silenced.getByText("Not told", { exact: true }).first().waitFor();
  await ada.picture("silenced");
  await slack.getByRole("link", { name: "admin (A new disk is on its way)" }).click();
  await page.getByRole("dialog", { name: "A new disk is on its way" }).waitFor();

  await fire(house.address, [{ alertname: "QueueIsLong", node: "mail-1", team: "nights" }]);
  const mute = await look("QueueIsLong on mail-1");
  await mute.getByText("Its route was mute at always.").first().waitFor();
  await ada.picture("mute");
});

test("what is over and was told says that its end was told too", async () => {
  await fire(house.address, [{ alertname: "DiskFull", node: "web-1", severity: "critical" }], new Date().toISOString());
  await house.hears("alerts", 2);
  await ada.page.goto("/alerts?state=resolved");
  await ada.page.getByRole("link", { name: "DiskFull on web-1" }).click();
  await says(ada.page, "Told in #alerts. Told that it is over, too.");
  await says(ada.page, "says that it is over");
  await ada.picture("over");
});

test("the page fits a phone, and a screen reader can read it", async () => {
  const { page } = ada;
  const found: string[] = [];
  const path = new URL(page.url()).pathname;
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await says(page, "Told in #alerts. Told that it is over, too.");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) found.push(`${path} is ${String(overflow)} pixels wider than ${String(width)}`);
    found.push(...(await faults(page)));
  }
  expect(found).toEqual([]);
});
