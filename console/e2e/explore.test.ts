import { afterAll, beforeAll, expect, test } from "vitest";

import { faults } from "./axe";
import { type House, oneTimePassword, open, type Person } from "./house";
import { enter, says } from "./steps";

/** Explore, as links of templates lead to it and as somebody at the keyboard uses it. */
let house: House;
let ada: Person;

beforeAll(async () => {
  house = await open("explore");
  ada = await house.person();
  await enter(ada.page, await oneTimePassword(house));
});

afterAll(async () => {
  await house.close();
});

test("a link of a template draws its graph", async () => {
  const { page, picture } = ada;
  await page.goto("/graph?g0.expr=%7B__name__%3D~%22node_load1%7Cnode_load5%22%7D&g0.tab=0&g0.range_input=15m&g0.end_input=");
  await page.getByRole("img", { name: "A graph of 2 series" }).waitFor();
  await page.getByRole("button", { name: "node_load5", exact: true }).click();
  await page.getByRole("img", { name: "A graph of node_load5" }).waitFor();
  await picture("graph");
});

test("an expression is typed with completion and run by the keyboard alone", async () => {
  const { page, picture } = ada;
  await page.goto("/");
  await page.getByRole("heading", { level: 1, name: "Alerts" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await says(page, "Nothing asked yet");
  await picture("empty");
  const editor = page.getByRole("textbox", { name: "Expression" });
  await editor.waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("node_memory_MemTot");
  await page.getByRole("option", { name: /node_memory_MemTotal_bytes/ }).waitFor();
  await page.keyboard.press("Tab");
  expect(await editor.innerText()).toBe("node_memory_MemTotal_bytes");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("row", { name: /^node_memory_MemTotal_bytes .*\d{8,}/ }).waitFor();
  expect(new URL(page.url()).search).toBe("?g0.expr=node_memory_MemTotal_bytes");
  await picture("table");
  await page.goBack();
  await says(page, "Nothing asked yet");
});

test("what is wrong with an expression stands at it", async () => {
  const { page, picture } = ada;
  const editor = page.getByRole("textbox", { name: "Expression" });
  await editor.focus();
  await page.keyboard.type("sum(up");
  // Without the bracket that the editor has closed by itself.
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+Enter");
  await says(page, /parse error/);
  expect(await editor.getAttribute("aria-invalid")).toBe("true");
  await picture("wrong");
});

test("a span drawn in the graph is looked at closer", async () => {
  const { page } = ada;
  await page.goto("/graph?g0.expr=node_load1&g0.tab=0");
  const box = await page.getByRole("img", { name: /^A graph of / }).boundingBox();
  if (!box) throw new Error("the graph is drawn");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/g0\.range_input=1[5-8]m.*g0\.end_input=/);
  await page.getByRole("button", { name: "Now", exact: true }).click();
  await page.waitForURL((url) => !url.search.includes("end_input"));
});

test("an alert leads to how it went, and what is looked at becomes a policy", async () => {
  const { page } = ada;
  await page.goto("/alerts");
  await page.getByRole("link", { name: "Watchdog", exact: true }).click();
  await page.getByRole("dialog").getByRole("link", { name: "See how it went" }).click();
  await page.getByRole("img", { name: /^A graph of / }).waitFor();
  await page.getByRole("link", { name: "New policy from this" }).click();
  await page.getByRole("heading", { level: 1, name: "New policy" }).waitFor();
  expect(await page.getByRole("textbox", { name: "Expression" }).innerText()).toContain("vector(1)");
});

test("it fits a phone, and a screen reader can read it", async () => {
  const { page } = ada;
  const found: string[] = [];
  for (const search of ["", "?g0.expr=up", "?g0.expr=node_load1&g0.tab=0", "?g0.expr=up%20%2B%2B"]) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`/graph${search}`);
      await page.getByRole("heading", { level: 1, name: "Explore" }).waitFor();
      await page.getByRole("textbox", { name: "Expression" }).waitFor();
      await page.locator("[aria-busy=true], .mantine-Skeleton-root").first().waitFor({ state: "detached" });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) found.push(`/graph${search} is ${String(overflow)} pixels wider than ${String(width)}`);
      found.push(...(await faults(page)));
    }
  }
  expect(found).toEqual([]);
  expect(ada.troubles).toEqual([]);
});
