import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfit } from "./axe";
import { type House, openAlertmanager, type Person } from "./house";
import { fire, says } from "./steps";

/**
 * The console of `larum alertmanager`, below a prefix: somebody whom nobody asks for a login follows an old link, looks at
 * groups and routes, silences, and reads why a reload failed.
 */
const PREFIX = "/tools/alertmanager";

let folder: string;
let house: House;
let ada: Person;

function config(sandbox: string): string {
  return `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  routes:
  - { receiver: pager, matchers: [severity=critical], continue: true }
  - { receiver: mute, matchers: [team=shop], mute_time_intervals: [always] }
receivers:
- name: team
  webhook_configs: [{ url: '${sandbox}/nowhere' }]
- name: pager
  slack_configs: [{ api_url: '${sandbox}/services/T/B/x', channel: '#alerts' }]
- name: mute
time_intervals:
- { name: always, time_intervals: [{}] }
`;
}

const file = () => join(folder, "alertmanager.yml");
const at = (path: string) => `${PREFIX}${path}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "larum-routes-"));
  house = await openAlertmanager("alertmanager", file(), config, PREFIX);
  ada = await house.person();
});

afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
});

test("the address leads to the console, and nobody is asked for a login", async () => {
  const { page, picture } = ada;
  await page.goto("/");
  await says(page, "All is quiet");
  expect(new URL(page.url()).pathname).toBe(at("/alerts"));
  const pages = page.getByRole("navigation", { name: "Pages" });
  expect(await pages.getByRole("link").allTextContents()).toEqual(["Alerts", "Silences", "History", "Deliveries", "Routing", "Status"]);
  await picture("empty");
});

test("alerts stand in their groups, below the prefix and live", async () => {
  const { page, picture } = ada;
  await fire(house.address, [
    { alertname: "DiskFull", node: "web-1", severity: "critical" },
    { alertname: "DiskFull", node: "web-2", severity: "warning" },
    { alertname: "QueueIsLong", node: "mail-1", team: "shop" },
  ]);
  await page.getByRole("link", { name: "DiskFull on web-1" }).waitFor();
  await page.getByText("Groups", { exact: true }).click();
  const groups = page.getByRole("list", { name: "Groups of alerts" });
  await groups.getByText("mute: always").waitFor();
  expect(await groups.locator("> li").count()).toBe(3);
  await picture("groups");
  await groups.getByRole("link", { name: "DiskFull on web-1" }).first().click();
  await page.getByRole("dialog", { name: "DiskFull on web-1" }).waitFor();
  await page.reload();
  await page.getByRole("dialog", { name: "DiskFull on web-1" }).waitFor();
  await picture("alert");
});

test("old links of Alertmanager's own pages lead to the right place", async () => {
  const { page } = ada;
  await page.goto(at("/#/alerts?silenced=false&receiver=pager&filter=%7Bnode%3D%22web-1%22%7D"));
  await says(page, /Only alerts that are told to the receiver/);
  expect(await page.getByRole("textbox", { name: "Filter alerts" }).inputValue()).toBe('{node="web-1"}');
  await page.getByRole("link", { name: "DiskFull on web-1" }).waitFor();
  expect(await page.getByRole("link", { name: "DiskFull on web-2" }).count()).toBe(0);
  await page.goto(at("/#/status"));
  await page.getByRole("heading", { name: "Configuration" }).waitFor();
  await page.goto(at("/#/silences/new?filter=%7Balertname%3D%22DiskFull%22%2C%20node%3D%22web-2%22%7D"));
  await says(page, "It hides 1 of the 3 alerts that fire now.");
});

test("whoever silences says who they are, and an old link finds the silence", async () => {
  const { page, picture } = ada;
  await page.getByRole("textbox", { name: "Comment" }).fill("A new disk is on its way");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page, "Say who you are, so that others can ask you.");
  await picture("author");
  await page.getByRole("textbox", { name: "Author" }).fill("ada");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog", { name: "A new disk is on its way" }).waitFor();
  const id = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  await page.goto(at(`/#/silences/${id}`));
  await page.getByRole("dialog", { name: "A new disk is on its way" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Expire" }).click();
  await page.getByRole("button", { name: "Expire silence" }).click();
  await says(page, "The silence is over.");
});

test("routes are looked at, and labels marked on their way", async () => {
  const { page, picture } = ada;
  await page.goto(at("/routing"));
  await page.getByRole("list", { name: "Routes" }).getByText("Mute now").waitFor();
  await page.getByRole("link", { name: "DiskFull on web-1" }).click();
  await says(page, /receivers? would be told\./);
  const hears = page.getByRole("list", { name: "Who would hear" });
  await hears.getByText("Told by slack[0].").waitFor();
  expect(await page.locator("[data-way]").count()).toBe(2);
  await picture("routing");
  await page.getByRole("textbox", { name: "Labels of the alert" }).fill("team=shop");
  await says(page, "Nobody would be told now.");
  await page.getByRole("textbox", { name: "Labels of the alert" }).fill("team");
  await says(page, "Bad matcher format: team.");
  await picture("routing-wrong");
});

test("a reload that fails says why, and one that succeeds shows the new routes", async () => {
  const { page, picture } = ada;
  const sound = config(house.sandbox);
  await writeFile(file(), sound.replace("receiver: pager", "receiver: pagre"));
  expect((await fetch(`${house.address}/-/reload`, { method: "POST" })).status).toBe(500);
  await page.goto(at("/routing"));
  await says(page, "The files were wrong when they were last read");
  await says(page, /there is no receiver "pagre"/);
  await picture("reload-failed");
  await writeFile(file(), sound.replace("severity=critical", "severity=page"));
  expect((await fetch(`${house.address}/-/reload`, { method: "POST" })).status).toBe(200);
  await page.getByRole("list", { name: "Routes" }).getByText('severity="page"').waitFor();
  expect(await page.getByText("The files were wrong").count()).toBe(0);
});

test("what is paused says why, in the log and at its receiver", async () => {
  const { page, picture } = ada;
  // One message may have been led astray; where three are refused in a row, the receiver itself is not there.
  const refused = ["FanFailed", "TooHot", "LinkDown"].map((alertname) => ({ alertname, severity: "warning", node: "web-9" }));
  await fire(house.address, refused);
  await page.getByRole("list", { name: "Receivers of the file" }).getByText("Paused", { exact: true }).first().waitFor();
  await page.goto(at("/deliveries"));
  await page.getByRole("table", { name: "Deliveries" }).getByText("webhook[0]").first().waitFor();
  await picture("deliveries");
});

test("the pages fit a phone, and a screen reader can read them", async () => {
  const paths = ["/alerts", "/alerts?view=groups", "/silences/new", "/deliveries", "/routing?labels=severity%3Dpage", "/status", "/history", "/inhibitions"];
  expect(await unfit(ada.page, paths.map(at))).toEqual([]);
});
