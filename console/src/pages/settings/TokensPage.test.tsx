import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("makes a token for a sender, and says what each role may do", async () => {
  const { user, writes } = openConsole("/settings/tokens", "full");
  await user.click(await screen.findByRole("button", { name: "Add service token" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText("Name of the script"), "prometheus");
  const role = within(dialog).getByRole("combobox", { name: "Role" });
  expect(dialog.textContent).toContain("sender posts alerts and nothing else");
  await user.click(role);
  await user.click(await screen.findByRole("option", { name: "sender" }));
  await user.click(within(dialog).getByRole("button", { name: "Add service token" }));
  await screen.findByText(/^larum_/);
  expect(writes).toContainEqual(expect.objectContaining({ body: { name: "prometheus", role: "sender" } }));
});
