import { afterAll, beforeAll, expect, test } from "vitest";

import { type House, oneTimePassword, open, type Person } from "./house";
import { type Watch, watchTank } from "./prometheus";
import { addReceiver, enter, says, speakSoon } from "./steps";

/** Alerts of a real Prometheus appear in the console by themselves, are told in Slack, and end. */
let house: House;
let ada: Person;
let watch: Watch;

beforeAll(async () => {
  house = await open("prometheus");
  ada = await house.person();
  watch = await watchTank(house.address, 20);
  await enter(ada.page, await oneTimePassword(house));
  await speakSoon(ada.page);
  await addReceiver(ada.page, house.botToken, "#alerts", "TankTooFull");
});

afterAll(async () => {
  await watch.close();
  await house.close();
});

test("an alert of Prometheus fires in the open page and in Slack", async () => {
  const { page, picture } = ada;
  await page.goto("/alerts");
  await page.getByRole("heading", { name: "Alerts" }).waitFor();
  watch.fill(93);
  await says(page, "The tank is 93 % full");
  await picture("firing");
  const [told] = await house.hears("#alerts", 1);
  expect(told?.message.text).toContain("FIRING: TankTooFull [critical]");
});

test("its page says where it comes from and who was told", async () => {
  const { page, picture } = ada;
  await page.getByRole("link", { name: "The tank is 93 % full" }).first().click();
  await says(page, /unless Prometheus sends it again/);
  await says(page, /#alerts|told/i);
  await picture("alert");
});

test("when it is over, both say so without a reload", async () => {
  const { page, picture } = ada;
  await page.goto("/alerts?state=firing,resolved");
  watch.fill(20);
  const told = await house.hears("#alerts", 2);
  expect(told[1]?.message.text).toContain("RESOLVED: TankTooFull");
  await page.getByRole("row").filter({ hasText: "The tank is" }).getByText("Resolved").waitFor();
  await picture("resolved");
  expect(ada.troubles).toEqual([]);
});
