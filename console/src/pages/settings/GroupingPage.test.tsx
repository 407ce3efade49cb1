import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

/** Opens the page, types another group wait, and lets somebody else be faster. */
async function tooLate() {
  const { user, scenario } = openConsole("/settings/notifications/grouping", "full");
  const wait = await screen.findByLabelText("Group wait");
  await user.clear(wait);
  await user.type(wait, "10s");
  scenario.grouping = { ...scenario.grouping, group_wait: "2m", version: 2, updated_by: "grace" };
  await user.click(screen.getByRole("button", { name: "Update" }));
  const dialog = await screen.findByRole("dialog", { name: "This grouping was changed meanwhile" });
  expect(within(dialog).getByText("grace")).toBeDefined();
  return { user, scenario, wait, dialog };
}

it("loads what somebody else has saved meanwhile", async () => {
  const { user, wait, dialog } = await tooLate();
  await user.click(within(dialog).getByRole("button", { name: "Load theirs" }));
  await waitFor(() => expect(wait).toHaveProperty("value", "2m"));
  expect(screen.queryByRole("button", { name: "Update" })).toBeNull();
});

it("overwrites what somebody else has saved meanwhile", async () => {
  const { user, scenario, dialog } = await tooLate();
  await user.click(within(dialog).getByRole("button", { name: "Keep mine and overwrite" }));
  expect(await screen.findByText(/^Updated/)).toBeDefined();
  expect(scenario.grouping).toMatchObject({ group_wait: "10s", version: 3 });
});
