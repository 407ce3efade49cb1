import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../dev/open-console";

it("lets in where one wanted to go", async () => {
  const { user, router } = openConsole("/deliveries?state=dead", "login");
  await user.type(await screen.findByLabelText("Name"), "admin");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect(await screen.findByText("The name or the password is wrong.")).toBeDefined();
  await user.type(screen.getByLabelText("Password"), "right{Enter}");
  expect(await screen.findByRole("heading", { name: "Deliveries" })).toBeDefined();
  expect(router.state.location.search).toEqual({ state: "dead" });
});

it("asks for an own password before anything else", async () => {
  const { user } = openConsole("/alerts", "first");
  await user.type(await screen.findByLabelText("One-time password"), "once");
  await user.type(screen.getByLabelText("New password"), "short");
  await user.type(screen.getByLabelText("Repeat the password"), "short{Enter}");
  expect(await screen.findByText("Choose a password of at least 10 characters.")).toBeDefined();
});

it("tells a viewer why Platform Settings are closed", async () => {
  const { user } = openConsole("/alerts", "viewer");
  await user.click(await screen.findByRole("button", { name: "Platform" }));
  const item = await screen.findByRole("menuitem", { name: /Platform Settings/ });
  expect(item.hasAttribute("data-disabled")).toBe(true);
  expect(item.textContent).toContain("platform-admin");
});

it("keeps what was typed when the session ends", async () => {
  const { user, scenario, writes } = openConsole("/settings/notifications/slack", "full");
  await user.click(await screen.findByRole("switch", { name: "Receive Notifications" }));
  scenario.session = null;
  await user.click(screen.getByRole("button", { name: "Update" }));
  await screen.findByRole("dialog", { name: "Your session has ended" });
  await user.type(screen.getByLabelText("Password"), "right{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Update" }));
  expect(await screen.findByText(/^Saved/)).toBeDefined();
  expect(writes.at(-1)).toMatchObject({ path: "/receivers/1", body: { enabled: false } });
});
