import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfit } from "./axe";
import { type House, oneTimePassword, open, type Person } from "./house";
import { addChannel, channelList, goToSlack, logIn, PASSWORD, says, speakSoon } from "./steps";

/**
 * The description that Larum was made after, walked as a person would: an administrator sets up Slack in the
 * browser, a policy on this very machine fires, and two channels hear it and its end.
 */
let house: House;
let ada: Person;

beforeAll(async () => {
  house = await open("seed");
  ada = await house.person();
});

afterAll(async () => {
  await house.close();
});

afterEach(() => {
  expect(ada.troubles).toEqual([]);
});

test("the first administrator logs in and has to choose a password", async () => {
  const { page, picture } = ada;
  const first = await oneTimePassword(house);
  await logIn(page, first);
  await says(page, "Choose your password");
  await picture("choose-your-password");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Repeat the password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("button", { name: "Platform" }).waitFor();
  await says(page, /Nobody is told of alerts/);
  await says(page, /Messages do not go to Slack/);
  await picture("nobody-is-told");
});

test("a turn follows soon, so that this story does", async () => {
  await speakSoon(ada.page);
});

test("the Slack page is where it should be, and says how to get a token", async () => {
  const { page, picture } = ada;
  await page.goto("/alerts");
  await goToSlack(page);
  await page.getByRole("link", { name: "Add receiver" }).click();
  await says(page, "Get a Slack token");
  expect(await page.getByText("chat:write", { exact: true }).count()).toBeGreaterThan(0);
  const create = page.getByRole("link", { name: "Create the app at Slack" });
  expect(await create.getAttribute("href")).toContain("manifest_json=");
  await picture("how-to-get-a-token");
});

test("a token that Slack does not know is refused", async () => {
  const { page, picture } = ada;
  await page.getByLabel("Slack Token").fill("xoxb-1-2-wrong");
  await addChannel(page, "alerts", "button");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page, /Slack does not know this token|invalid_auth|refuse/i);
  await picture("token-refused");
});

test("channels: three ways to type one, up to twenty, removed with a cross", async () => {
  const { page, picture } = ada;
  await page.getByLabel("Slack Token").fill(house.botToken);
  await addChannel(page, "#ALERTS", "enter");
  await says(page, /is already in the list/);
  await addChannel(page, " ", "enter");
  for (let number = 2; number <= 20; number += 1) await addChannel(page, `team-${String(number)}`, "enter");
  expect(await channelList(page)).toHaveLength(20);
  await addChannel(page, "one-too-many", "enter");
  await says(page, /There can be at most 20 channels/);
  await picture("twenty-channels");
  for (let number = 2; number <= 20; number += 1) {
    await page.getByRole("button", { name: `Remove #team-${String(number)}`, exact: true }).click();
  }
  await page.getByRole("textbox", { name: "Channel", exact: true }).fill("");
  await addChannel(page, "critical", "enter");
  expect(await channelList(page)).toEqual(["#alerts", "#critical"]);
});

test("a test message uses the form as it stands, and nothing is saved", async () => {
  const { page, picture } = ada;
  await addChannel(page, "random", "enter");
  await page.getByRole("button", { name: "Send Test Message" }).click();
  await says(page, "Delivered to 2 of 3");
  const results = page.getByRole("list", { name: "Test results" });
  await results.getByText(/invite @larum in the channel #random/).first().waitFor();
  await picture("test-message");
  expect((await house.hears("#alerts", 1))[0]?.message.text).toContain("TEST");
  await page.getByRole("button", { name: "Remove #random" }).click();
});

test("Save applies it, and the token is shown no more", async () => {
  const { page, picture } = ada;
  await page.getByRole("switch", { name: "Receive Notifications" }).press("Space");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page, "Messages are posted by the app larum in the workspace Larum Sandbox.");
  await says(page, `xoxb-…${house.botToken.slice(-4)}`);
  expect(await page.content()).not.toContain(house.botToken);
  await page.getByText(/Nobody is told of alerts/).waitFor({ state: "detached" });
  await picture("saved");
});

test("with a user's token it is the app's owner who sends", async () => {
  const { page, picture } = ada;
  await page.getByRole("button", { name: "Replace token" }).click();
  await page.getByLabel("Slack Token").fill(house.userToken);
  await page.getByRole("button", { name: "Send Test Message" }).click();
  await says(page, "Delivered to 2 of 2");
  await picture("user-token");
  const [, second] = await house.hears("#critical", 2);
  expect(second?.author).toBe("user");
  await page.getByRole("button", { name: /^Keep the saved one/ }).click();
});

test("conditions: rows are added and deleted, a value that was not confirmed counts", async () => {
  const { page, picture } = ada;
  await page.getByRole("checkbox", { name: "Notification Conditions" }).check();
  await page.getByRole("button", { name: "Update" }).click();
  await says(page, /Choose a label for this condition|Add a notification condition/);
  const first = page.getByRole("group", { name: "Condition 1" });
  await first.getByLabel("Label").fill("severity");
  await first.getByLabel("Label").press("Escape");
  await first.getByLabel("Values").fill("critical");
  await first.getByLabel("Values").press("Enter");
  await first.getByLabel("Values").fill("warning");
  await page.getByRole("button", { name: "Add condition" }).click();
  expect(await page.getByRole("group", { name: /^Condition / }).count()).toBe(2);
  await page.getByRole("button", { name: "Delete condition 2" }).click();
  expect(await page.getByRole("group", { name: /^Condition / }).count()).toBe(1);
  await says(page, "Alerts whose severity is critical or warning.");
  await picture("conditions");
});

test("leaving with unsaved changes warns", async () => {
  const { page, picture } = ada;
  await page.getByRole("link", { name: "Policies", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await picture("leaving");
  await dialog.getByRole("button", { name: "Stay" }).click();
  await says(page, "Alerts whose severity is critical or warning.");
  await page.getByRole("button", { name: "Update" }).click();
  await says(page, /Saved just now by admin/);
});

test("a second administrator's stale update is a clear conflict", async () => {
  const bob = await house.person();
  await logIn(bob.page, PASSWORD);
  await goToSlack(bob.page);
  await addChannel(bob.page, "platform", "enter");
  await addChannel(ada.page, "deployments", "enter");
  await ada.page.getByRole("button", { name: "Update" }).click();
  await says(ada.page, /Saved just now by admin/);
  await bob.page.getByRole("button", { name: "Update" }).click();
  const dialog = bob.page.getByRole("dialog");
  await dialog.waitFor();
  await bob.picture("conflict");
  await dialog.getByRole("button", { name: "Load theirs" }).click();
  expect(await channelList(bob.page)).toEqual(["#alerts", "#critical", "#deployments"]);
  await bob.context.close();
  await ada.page.getByRole("button", { name: "Remove #deployments" }).click();
  await ada.page.getByRole("button", { name: "Update" }).click();
  await says(ada.page, /Saved just now by admin/);
});

test("a policy on this machine fires into both channels, and its end is told too", async () => {
  const { page, picture } = ada;
  await page.getByRole("link", { name: "Policies", exact: true }).click();
  await page.getByRole("link", { name: "New policy" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Memory in use");
  await page.getByRole("combobox", { name: "Metric" }).click();
  await page.getByRole("option", { name: /^Memory usage/ }).click();
  await page.getByRole("combobox", { name: "Fires after" }).click();
  await page.getByRole("option", { name: "At once" }).click();
  await says(page, /Memory usage of a node is above/);
  await picture("new-policy");
  // Whoever is quick does not wait for the texts to follow: what Slack hears is right nevertheless.
  await page.getByLabel("Threshold").fill("0");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  for (const channel of ["#alerts", "#critical"]) {
    const heard = await house.hears(channel, 3);
    expect(heard[2]?.message.text).toContain("FIRING: Memory in use");
    expect(heard[2]?.message.text).toContain("above 0 %");
  }
  await page.getByRole("link", { name: "Alerts", exact: true }).click();
  await says(page, /Memory usage of .* is above 0 %/);
  await picture("firing");
  await page.getByRole("link", { name: "Policies", exact: true }).click();
  await page.getByRole("switch", { name: "Enable Memory in use" }).press("Space");
  for (const channel of ["#alerts", "#critical"]) {
    const heard = await house.hears(channel, 4);
    expect(heard[3]?.message.text).toMatch(/RESOLVED: Memory in use/);
    expect(JSON.stringify(heard[3]?.message)).toContain("policy disabled");
  }
});

test("alerting as a whole is switched off and on: what policies say ends and is told once", async () => {
  const { page, picture } = ada;
  await page.getByRole("switch", { name: "Enable Memory in use" }).press("Space");
  expect((await house.hears("#alerts", 5))[4]?.message.text).toContain("FIRING: Memory in use");
  await page.getByRole("button", { name: "Platform" }).click();
  await page.getByRole("menuitem", { name: /^Platform Settings/ }).click();
  await page.getByRole("link", { name: "Alerting", exact: true }).click();
  await page.getByRole("button", { name: /^Switch alerting off/ }).click();
  const dialog = page.getByRole("dialog", { name: "Switch alerting off?" });
  await dialog.getByText(/ends \d+ alerts? of (a policy|policies) that fires?/).waitFor();
  await picture("switch-off");
  await dialog.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("heading", { name: "Alerting is off" }).waitFor();
  for (const channel of ["#alerts", "#critical"]) {
    const heard = await house.hears(channel, 6);
    expect(heard[5]?.message.text).toContain("RESOLVED: Memory in use");
    expect(JSON.stringify(heard[5]?.message)).toContain("alerting off");
  }
  for (const place of ["Policies", "Alerts"]) {
    await page.getByRole("link", { name: place, exact: true }).click();
    await says(page, /Alerting was switched off .* by admin: no policy is evaluated/);
    await picture(`off-${place.toLowerCase()}`);
  }
  await page.getByRole("link", { name: "Switch it on again" }).click();
  await page.getByRole("button", { name: "Switch alerting on" }).click();
  await page.getByText(/Alerting was switched off/).waitFor({ state: "detached" });
  for (const channel of ["#alerts", "#critical"]) {
    // The seventh is the new beginning: the end was told once.
    expect((await house.hears(channel, 7))[6]?.message.text).toContain("FIRING: Memory in use");
  }
  expect(ada.troubles).toEqual([]);
});

test("what Larum works with is shown, its own pages about alerts among it", async () => {
  const { page, picture } = ada;
  const places: [string, RegExp][] = [
    ["Metrics source", /This host's metrics are collected/],
    ["Rule files", /No rule files/],
    ["Inhibition rules", /While an alert with/],
    ["Heartbeats", /Metrics arrive and policies are evaluated/],
    ["Runbooks", /A container ends each time it is started/],
  ];
  for (const [name, words] of places) {
    await page.getByRole("button", { name: "Platform" }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await says(page, words);
    await picture(name.toLowerCase().replace(" ", "-"));
  }
  await page.getByRole("textbox", { name: "Search runbooks" }).fill("rollout undo previous");
  await page.getByRole("link", { name: "KubePodCrashLooping" }).click();
  await page.getByRole("heading", { level: 2, name: "What to do" }).waitFor();
  await picture("runbook");
});

test("Slack shows both messages", async () => {
  const slack = await house.person();
  await slack.page.goto(house.sandbox);
  await slack.page.getByText("critical").first().click();
  await says(slack.page, /RESOLVED: Memory in use/);
  await slack.picture("slack");
  expect(slack.troubles).toEqual([]);
  await slack.context.close();
});

test("the log of deliveries says what was sent where", async () => {
  const { page, picture } = ada;
  await page.getByRole("link", { name: "Deliveries", exact: true }).click();
  await says(page, /RESOLVED: Memory in use/);
  await picture("deliveries");
});

test("the same pages fit a phone, and a screen reader can read them", async () => {
  const { page } = ada;
  const platform = ["/settings/alerting", "/metrics-source", "/rule-files", "/inhibitions", "/heartbeats", "/runbooks", "/runbooks/Watchdog"];
  expect(await unfit(page, [...["/alerts", "/policies", "/policies/new", "/deliveries", "/settings/notifications/slack"], ...platform])).toEqual([]);
});
