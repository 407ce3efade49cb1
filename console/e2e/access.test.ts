import { afterAll, beforeAll, expect, test } from "vitest";

import { type House, oneTimePassword, open, type Person } from "./house";
import { enter, logIn, PASSWORD, says } from "./steps";

/** Who may do what: users, a viewer's view, service tokens for scripts. */
let house: House;
let ada: Person;

beforeAll(async () => {
  house = await open("access");
  ada = await house.person();
  await enter(ada.page, await oneTimePassword(house));
});

afterAll(async () => {
  await house.close();
});

test("a wrong password is refused in words", async () => {
  const stranger = await house.person();
  await logIn(stranger.page, "not the password");
  await says(stranger.page, /password is wrong/);
  await stranger.picture("refused");
  await stranger.context.close();
});

test("an administrator adds a viewer, who sees everything but the settings", async () => {
  const { page, picture } = ada;
  await page.goto("/settings/users");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("vera");
  await dialog.getByRole("button", { name: "Add user" }).click();
  const secret = page.getByRole("dialog", { name: "One-time password for vera" });
  const once = await secret.locator("code, pre").first().innerText();
  await picture("one-time-password");
  await secret.getByRole("button", { name: "Done" }).click();

  const vera = await house.person();
  await enter(vera.page, once.trim(), "vera");
  await vera.page.getByRole("button", { name: "Platform" }).click();
  const settings = vera.page.getByRole("menuitem", { name: /^Platform Settings/ });
  expect(await settings.isDisabled()).toBe(true);
  await vera.picture("viewer");
  await vera.page.goto("/settings/notifications/slack");
  await says(vera.page, /Platform Settings are closed to you/);
  const refused = await vera.page.evaluate(async () => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ name: "x", role: "platform-admin" });
    return (await fetch("/api/larum/v1/users", { method: "POST", headers, body })).status;
  });
  expect(refused).toBe(403);
  await vera.context.close();
});

test("a service token lets a script in until it is deleted", async () => {
  const { page, picture } = ada;
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Add service token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the script").fill("nightly");
  await dialog.getByRole("button", { name: "Add service token" }).click();
  const code = page.getByRole("dialog").locator("code, pre").first();
  await code.waitFor();
  const token = (await code.innerText()).trim();
  await picture("token");
  await page.getByRole("button", { name: "Done" }).click();
  const ask = async () => {
    const answer = await fetch(`${house.address}/api/v2/alerts`, { headers: { Authorization: `Bearer ${token}` } });
    return answer.status;
  };
  expect(await ask()).toBe(200);
  await page.getByRole("button", { name: "Revoke nightly" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
  await says(page, "No service tokens");
  expect(await ask()).toBe(401);
});

test("a password that was forgotten is reset from the command line", async () => {
  const page = (await house.person()).page;
  const once = await house.command(["user", "reset-password", "admin", "--storage.path", house.data]);
  await logIn(page, PASSWORD);
  await says(page, /password is wrong/);
  await enter(page, once.trim());
});
