import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

async function select(user: ReturnType<typeof openConsole>["user"], ...names: string[]) {
  for (const name of names) await user.click(await screen.findByRole("checkbox", { name: `Select ${name}` }));
}

function selected() {
  return within(screen.getByRole("region", { name: "Selected policies" }));
}

it("disables several and takes it back", async () => {
  const { user, writes } = openConsole("/policies", "full");
  await select(user, "Memory of the build machines", "Disk of the database", "Load at night");
  await user.click(selected().getByRole("button", { name: "Disable" }));
  expect(await screen.findByText("2 policies are disabled.")).toBeDefined();
  expect(screen.queryByRole("region", { name: "Selected policies" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(writes).toHaveLength(2));
  expect(writes.map(({ body }) => body)).toMatchObject([
    { action: "disable", policies: [{ id: 21, version: 1 }, { id: 22, version: 1 }, { id: 20, version: 1 }] },
    { action: "enable", policies: [{ id: 21, version: 2 }, { id: 20, version: 2 }] },
  ]);
});

it("deletes several after asking, says which were refused, and makes the others again", async () => {
  const { user, scenario, writes } = openConsole("/policies", "full");
  await user.click(await screen.findByRole("checkbox", { name: "Select all" }));
  const changed = scenario.policies.find(({ id }) => id === 22);
  if (changed) changed.version = 5;
  await user.click(selected().getByRole("button", { name: "Delete" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("2 policies are deleted.")).toBeDefined();
  expect(screen.getByText(/Load at night: grace changed this policy/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("link", { name: "Disk of the database" })).toBeDefined();
  expect(writes.filter(({ path }) => path === "/policies")).toHaveLength(2);
});

it("can be used by keyboard, and exports what is selected", async () => {
  const { user } = openConsole("/policies?tab=builtin", "full");
  const box = await screen.findByRole("checkbox", { name: "Select Watchdog" });
  box.focus();
  await user.keyboard(" ");
  expect(selected().getByText("1 selected")).toBeDefined();
  expect(selected().queryByRole("button", { name: "Delete" })).toBeNull();
  expect(selected().getByRole("link", { name: "Export" }).getAttribute("href")).toBe("/api/larum/v1/policies/export?ids=1");
});

it("is filtered and sorted by what the address says", async () => {
  const { user, router } = openConsole("/policies?tab=builtin&state=firing", "full");
  expect(await screen.findByRole("link", { name: "Watchdog" })).toBeDefined();
  expect(screen.queryByRole("link", { name: "Target is down" })).toBeNull();
  await user.click(screen.getByRole("button", { name: /^State/ }));
  await user.click(screen.getByRole("button", { name: /^Firing/ }));
  expect(await screen.findByRole("link", { name: "Target is down" })).toBeDefined();
  expect(router.state.location.search).toMatchObject({ tab: "builtin", sort: "state" });
  await user.click(screen.getByRole("tab", { name: /Rule files/ }));
  expect(await screen.findByRole("heading", { name: "No rule files" })).toBeDefined();
});

it("imports a file after saying what would happen", async () => {
  const { user, writes } = openConsole("/policies", "full");
  await user.click(await screen.findByRole("button", { name: "Import" }));
  const rules = await screen.findByLabelText("Rules");
  await user.click(rules);
  await user.paste("nothing");
  await user.click(screen.getByRole("button", { name: "Check the file" }));
  expect(await screen.findByText("There is no rule in this file.")).toBeDefined();
  await user.clear(rules);
  await user.click(rules);
  await user.paste("groups:\n  - rules:\n    - record: a:b\n    - alert: TankLow\n");
  await user.click(screen.getByRole("button", { name: "Check the file" }));
  expect(await screen.findByText("What would happen: 1 new, 1 skipped.")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Import 1 policy" }));
  expect(await screen.findByRole("link", { name: "TankLow" })).toBeDefined();
  expect(writes.map(({ body }) => (body as { dry_run: boolean }).dry_run)).toEqual([true, true, false]);
});

it("lets a viewer look and export, and no more", async () => {
  const { user } = openConsole("/policies", "viewer");
  await select(user, "Load at night");
  expect(selected().getByRole("button", { name: "Enable" }).hasAttribute("disabled")).toBe(true);
  expect(selected().getByRole("link", { name: "Export" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Import" }).hasAttribute("disabled")).toBe(true);
});

it("does not say that a policy has no alerts while nobody knows", async () => {
  const { scenario } = openConsole("/policies/20", "full");
  scenario.broken = "/alerts";
  const alerts = (await screen.findByRole("heading", { name: "Alerts now" })).closest("section") as HTMLElement;
  expect(await within(alerts).findByRole("button", { name: "Try again" })).toBeDefined();
  expect(within(alerts).queryByText(/^None/)).toBeNull();
});

it("says that some rules of files are wrong, and where that is explained", async () => {
  openConsole("/policies?tab=rule_file", "full");
  const notice = (await screen.findByText(/rule is wrong/)).closest("[role=status]") as HTMLElement;
  expect(notice.textContent).toContain("1 rule is wrong. See what is wrong");
  expect(within(notice).getByRole("link").getAttribute("href")).toBe("/rule-files");
});
