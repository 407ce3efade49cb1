import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";

it("makes a policy from a template, with a threshold of 0", async () => {
  const { user, writes, router } = openConsole("/policies/new", "empty");
  await user.type(await screen.findByLabelText("Name"), "Any memory at all");
  await user.click(screen.getByRole("combobox", { name: "Metric" }));
  await user.click(await screen.findByRole("option", { name: /^Memory usage/ }));
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
    template: { target: { kind: "nodes", names: [] }, metric: "memory", comparator: ">", threshold: 0 }, for: "5m", severity: "warning", summary: null,
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

it("watches workloads by name, offered from what is measured", async () => {
  const { user, writes } = openConsole("/policies/new", "empty");
  await user.type(await screen.findByLabelText("Name"), "Shop is short");
  await user.click(screen.getByRole("radio", { name: "Workloads" }));
  await user.click(screen.getByRole("combobox", { name: "Kind" }));
  await user.click(await screen.findByRole("option", { name: "StatefulSet" }));
  await user.type(screen.getByRole("combobox", { name: "Namespace" }), "shop");
  await user.click(screen.getByRole("combobox", { name: "StatefulSets" }));
  await user.click(await screen.findByRole("option", { name: "orders-db" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("heading", { level: 1, name: "Shop is short" });
  expect(writes.find(({ path }) => path === "/policies")?.body).toMatchObject({
    template: { target: { kind: "workloads", workload: "StatefulSet", namespace: "shop", names: ["orders-db"] }, metric: "workload_cpu" },
  });
});

it("becomes free PromQL that says when it would have fired", async () => {
  const { user, writes } = openConsole("/policies/new", "empty");
  await user.type(await screen.findByLabelText("Name"), "Free");
  const turn = await screen.findByRole("button", { name: "Edit as PromQL" });
  await waitFor(() => expect(turn.hasAttribute("disabled")).toBe(false));
  await user.click(turn);
  const editor = await screen.findByRole("textbox", { name: "Expression" });
  expect(editor.textContent).toBe("cpu > 90");
  expect(await screen.findByText(/Would have fired once in the last 24 hours/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("heading", { level: 1, name: "Free" });
  const made = writes.find(({ path }) => path === "/policies")?.body as Record<string, unknown>;
  expect(made).toMatchObject({ expr: "cpu > 90", labels: {} });
  expect(made["template"]).toBeUndefined();
});

it("asks whose version counts when somebody else was faster", async () => {
  const { user, scenario, writes } = openConsole("/policies/20/edit", "full");
  await user.type(await screen.findByLabelText("Alias"), "Mine");
  const theirs = scenario.policies.find(({ id }) => id === 20);
  if (theirs) Object.assign(theirs, { version: 7, alias: "Theirs" });
  await user.click(screen.getByRole("button", { name: "Update" }));
  await user.click(await screen.findByRole("button", { name: "Keep mine and overwrite" }));
  await screen.findByText("Mine");
  expect(writes.filter(({ method }) => method === "PUT").map(({ body }) => (body as { version: number }).version)).toEqual([1, 7]);
});

it("changes of a built-in policy what can be changed, and shows how it comes", async () => {
  const { user, writes } = openConsole("/policies/3/edit", "full");
  const threshold = await screen.findByLabelText("Threshold (>)");
  await user.clear(threshold);
  await user.type(threshold, "95");
  expect(await screen.findByText("Changed; the default is 90 %.")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Update" }));
  expect(await screen.findByText(/default 90 %/)).toBeDefined();
  expect(writes.find(({ path }) => path === "/policies/3/builtin")?.body).toEqual({ threshold: 95, for: "15m", severity: "warning", enabled: true, version: 1 });
  await user.click(screen.getByRole("button", { name: "Reset" }));
  expect(await screen.findByText("1 policy is reset to the defaults.")).toBeDefined();
});

it("is closed to a viewer", async () => {
  openConsole("/policies/new", "viewer");
  expect(await screen.findByRole("heading", { name: "New policies are closed to you" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});
