import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("makes a policy from a template, with a threshold of 0", async () => {
  const { user, writes, router } = openConsole("/policies/new", "empty");
  await user.type(await screen.findByLabelText("Name"), "Any memory at all");
  await user.click(screen.getByRole("combobox", { name: "Metric" }));
  await user.click(await screen.findByRole("option", { name: "Memory usage" }));
  const threshold = screen.getByLabelText("Threshold");
  await user.clear(threshold);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("Enter a number.")).toBeDefined();
  await user.type(threshold, "0");
  expect(await screen.findByText("Would fire")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Any memory at all" })).toBeDefined();
  expect(router.state.location.pathname).toMatch(/^\/policies\/\d+$/);
  expect(writes.find(({ path }) => path === "/policies")?.body).toMatchObject({
    template: { metric: "memory", comparator: ">", threshold: 0 }, for: "5m", severity: "warning", summary: null,
  });
});

it("lets somebody say how long no data is borne with, and shows it", async () => {
  const { user, writes } = openConsole("/policies/20/edit", "full");
  const field = await screen.findByRole("combobox", { name: "Keep firing without data for" });
  expect((field as HTMLInputElement).value).toBe("1 hour");
  await user.click(field);
  await user.click(await screen.findByRole("option", { name: "Resolve at once" }));
  await user.click(screen.getByRole("button", { name: "Update" }));
  expect(await screen.findByText("Resolved at once")).toBeDefined();
  expect(writes.find(({ path }) => path === "/policies/20")?.body).toMatchObject({ no_data_hold: "0s", for: "5m" });
});

it("brings a deleted policy back", async () => {
  const { user, writes } = openConsole("/policies/20", "full");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete policy" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  const links = await screen.findAllByRole("link", { name: "Memory of the build machines" });
  expect(links).toHaveLength(1);
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual(expect.arrayContaining(["DELETE /policies/20", "POST /policies"]));
});

it("says why a built-in policy has no Edit", async () => {
  openConsole("/policies/3", "full");
  const edit = await screen.findByRole("link", { name: "Edit" });
  expect(edit.hasAttribute("data-disabled")).toBe(true);
});

it("is closed to a viewer", async () => {
  openConsole("/policies/new", "viewer");
  expect(await screen.findByRole("heading", { name: "New policies are closed to you" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});
