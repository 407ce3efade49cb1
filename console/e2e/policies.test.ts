import { readFile } from "node:fs/promises";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfit } from "./axe";
import { type House, oneTimePassword, open, type Person } from "./house";
import { openShop, type Shop } from "./shop";
import { addReceiver, enter, says, speakSoon } from "./steps";

/** An administrator watches the workloads of a cluster: first with a template, then in PromQL of her own. */
let shop: Shop;
let house: House;
let ada: Person;

beforeAll(async () => {
  shop = await openShop();
  house = await open("policies", ["--prometheus.config-file", shop.config]);
  ada = await house.person();
  await enter(ada.page, await oneTimePassword(house));
  await speakSoon(ada.page);
  await addReceiver(ada.page, house.botToken, "#alerts", "CheckoutIsShort");
});

afterAll(async () => {
  await house.close();
  await shop.close();
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
});

test("workloads are offered by what is measured of them", async () => {
  const { page, picture } = ada;
  await page.goto("/policies/new");
  await page.getByLabel("Name", { exact: true }).fill("CheckoutIsShort");
  await page.getByText("Workloads", { exact: true }).click();
  const namespace = page.getByRole("combobox", { name: "Namespace" });
  await namespace.click();
  await page.getByRole("option", { name: "shop" }).click();
  await page.getByRole("combobox", { name: "Deployments" }).click();
  await page.getByRole("option", { name: "checkout" }).click();
  await page.getByRole("combobox", { name: "Deployments" }).press("Escape");
  await page.getByRole("combobox", { name: "Metric" }).click();
  await page.getByRole("option", { name: /^Unavailable replica ratio/ }).click();
  await says(page, /Unavailable replica ratio of Deployment checkout in shop is above/);
  await says(page, /Would not have fired in the last 24 hours/);
  await picture("workload-template");
});

test("the template becomes PromQL, with errors in place and completion from the metrics source", async () => {
  const { page, picture } = ada;
  await page.getByRole("button", { name: "Edit as PromQL" }).click();
  const editor = page.getByRole("textbox", { name: "Expression" });
  await editor.waitFor();
  expect(await editor.textContent()).toContain("kube_deployment");
  await editor.press("ControlOrMeta+a");
  await editor.pressSequentially("kube_deployment_status_rep");
  await page.getByRole("option", { name: /kube_deployment_status_replicas_available/ }).click();
  await editor.pressSequentially('{namespace="shop"} <');
  await page.locator(".cm-lintPoint-error").waitFor({ state: "attached" });
  await page.locator("[role=textbox][aria-invalid=true]").waitFor();
  await picture("promql-error");
  await editor.pressSequentially(" 2");
  await says(page, /Would not have fired in the last 24 hours/);
  await page.getByRole("list", { name: "Series now" }).getByText("checkout").waitFor();
  await picture("promql");
});

test("it is saved, fires into Slack, and its page shows what it measured", async () => {
  const { page, picture } = ada;
  await page.getByRole("combobox", { name: "Fires after" }).click();
  await page.getByRole("option", { name: "At once" }).click();
  await page.getByLabel("Summary").fill("{{ $labels.deployment }} has {{ $value }} of 3 replicas");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "CheckoutIsShort" }).waitFor();
  shop.leave(1);
  await says(page, "checkout has 1 of 3 replicas");
  expect((await house.hears("#alerts", 1))[0]?.message.text).toContain("checkout has 1 of 3 replicas");
  await picture("firing");
  shop.leave(3);
  expect((await house.hears("#alerts", 2))[1]?.message.text).toContain("RESOLVED");
});

test("several policies are disabled at once, and that is taken back", async () => {
  const { page, picture } = ada;
  await page.goto("/policies?tab=builtin&category=node");
  await page.getByRole("checkbox", { name: "Select NodeRebooted" }).press("Space");
  await page.getByRole("checkbox", { name: "Select NodeOOMKill" }).press("Space");
  const selected = page.getByRole("region", { name: "Selected policies" });
  await selected.getByText("2 selected").waitFor();
  await picture("selected");
  await selected.getByRole("button", { name: "Disable" }).click();
  await says(page, "2 policies are disabled.");
  await page.getByRole("button", { name: "Undo" }).click();
  const row = page.getByRole("row").filter({ hasText: "NodeRebooted" });
  await row.getByRole("switch", { checked: true }).waitFor();
});

test("of a built-in policy the threshold is changed, shown, and set back", async () => {
  const { page, picture } = ada;
  await page.goto("/policies?tab=builtin&q=NodeCPUHighUsage");
  await page.getByRole("link", { name: "NodeCPUHighUsage" }).click();
  await page.getByRole("link", { name: "Edit" }).click();
  const threshold = page.getByLabel(/^Threshold/);
  const before = await threshold.inputValue();
  await threshold.fill("1");
  await says(page, new RegExp(`Changed; the default is ${before}`));
  await picture("built-in");
  await page.getByRole("button", { name: "Update" }).click();
  await says(page, `(default ${before})`);
  await page.getByRole("button", { name: "Reset" }).click();
  await says(page, "1 policy is reset to the defaults.");
});

test("policies leave as a rule file and come back", async () => {
  const { page, picture } = ada;
  await page.goto("/policies");
  await page.getByRole("checkbox", { name: "Select all", disabled: false }).press("Space");
  const arriving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const file = await (await arriving).path();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await says(page, "No custom policies yet");
  await page.getByRole("button", { name: "Import" }).click();
  await page.locator("input[type=file]").setInputFiles({ name: "rules.yaml", mimeType: "application/yaml", buffer: await readFile(file) });
  await page.getByRole("button", { name: "Check the file" }).click();
  await says(page, "What would happen: 1 new.");
  await picture("import");
  await page.getByRole("button", { name: "Import 1 policy" }).click();
  await page.getByRole("link", { name: "CheckoutIsShort" }).waitFor();
});

test("the pages of policies fit a phone, and a screen reader can read them", async () => {
  const { page } = ada;
  await page.goto("/policies");
  const own = await page.getByRole("link", { name: "CheckoutIsShort" }).getAttribute("href");
  expect(await unfit(page, ["/policies?tab=builtin&category=storage", "/policies?tab=rule_file", own ?? "", `${own ?? ""}/edit`])).toEqual([]);
});
