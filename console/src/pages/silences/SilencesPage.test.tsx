import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { openConsole } from "../../../dev/open-console";
import { paths } from "../../paths";

const ACTIVE = "5e1f0000-0000-4000-8000-000000000001";
const PENDING = "5e1f0000-0000-4000-8000-000000000002";
const EXPIRED = "5e1f0000-0000-4000-8000-000000000003";

it("lists what is silenced now and later, and what is over when asked", async () => {
  const { user, router } = openConsole("/silences", "full");
  const table = await screen.findByRole("table", { name: "Silences" });
  expect(await within(table).findByText('alertname="EtcdBackupMissing"')).toBeDefined();
  expect(within(table).getByText("Will hide 1")).toBeDefined();
  expect(within(table).queryByText("Load test")).toBeNull();
  await user.click(screen.getByRole("button", { name: /^Expired/ }));
  expect(await within(table).findByText("Load test")).toBeDefined();
  expect(within(table).getByRole("link", { name: "Silence again: Load test" })).toBeDefined();
  expect(router.state.location.search).toEqual({ state: "active,pending,expired" });
  await user.click(within(table).getByRole("link", { name: "1 alert" }));
  expect(router.state.location.search).toEqual({ state: "firing", silenced: ACTIVE });
  expect(await screen.findByText(/Only alerts that are not told because of/)).toBeDefined();
  expect(await screen.findByRole("link", { name: /The last backup of etcd/ })).toBeDefined();
  expect(screen.queryByRole("link", { name: /Memory usage of web-1/ })).toBeNull();
});

it("says that nothing is silenced, and how to do it", async () => {
  openConsole("/silences", "empty");
  expect(await screen.findByText("Nothing is silenced")).toBeDefined();
  expect(screen.getByText("Silence…")).toBeDefined();
});

it("shows one silence beside the list, with what it hides and as a command", async () => {
  const { user, router } = openConsole("/silences", "full");
  await user.click(await screen.findByRole("link", { name: /EtcdBackupMissing/ }));
  const panel = await screen.findByRole("dialog", { name: "The bucket moves, OPS-412" });
  expect(await within(panel).findByText("Hides 1 of the alerts that fire now")).toBeDefined();
  expect(await within(panel).findByRole("link", { name: /The last backup of etcd/ })).toBeDefined();
  expect(within(panel).getByRole("button", { name: "Copy as amtool command" })).toBeDefined();
  await user.keyboard("{Escape}");
  expect(router.state.location.href).toBe("/silences");
});

it("is opened from an alert with all its labels, and saves what is left of them", async () => {
  const { user, writes, router } = openConsole("/alerts/a1", "full");
  await user.click(await screen.findByRole("link", { name: "Silence…" }));
  expect(router.state.location.href).toBe("/silences/new?alert=a1");
  expect(await screen.findByDisplayValue("NodeMemoryHigh")).toBeDefined();
  expect(screen.getAllByRole("group", { name: /^Matcher / })).toHaveLength(5);
  for (let left = 5; left > 2; left -= 1) await user.click(screen.getByRole("button", { name: `Remove matcher ${left}` }));
  await user.click(screen.getByRole("button", { name: "8 hours" }));
  expect(await screen.findByText(/^It hides \d of the 4 alerts that fire now\.$/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findAllByText("Say why, so that others know.")).toHaveLength(2);
  await user.type(screen.getByRole("textbox", { name: "Comment" }), "More memory is on its way");
  writes.length = 0;
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Silenced. It is shown with every alert that it hides.");
  expect(writes.find(({ path }) => path === "/silences")?.body).toEqual({
    matchers: [{ name: "alertname", operator: "=", value: "NodeMemoryHigh" }, { name: "instance", operator: "=", value: "web-1:9100" }],
    starts_at: null,
    duration: "8h",
    comment: "More memory is on its way",
  });
});

it("asks once more before it hides more than half of all", async () => {
  const { user, writes } = openConsole('/silences/new?matchers={severity=~".%2B"}', "full");
  await user.type(await screen.findByRole("textbox", { name: "Comment" }), "Too much");
  expect(await screen.findByText("These are all 4 alerts that fire now.")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));
  const dialog = await screen.findByRole("dialog", { name: "Hide so much?" });
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  expect(writes.some(({ path }) => path === "/silences")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await user.click(within(await screen.findByRole("dialog", { name: "Hide so much?" })).getByRole("button", { name: "Silence anyway" }));
  await screen.findByText("Silenced. It is shown with every alert that it hides.");
  expect(writes.filter(({ path }) => path === "/silences")).toHaveLength(1);
});

it("says what is wrong with matchers in place, as rows and as text", async () => {
  const { user } = openConsole("/silences/new", "full");
  const row = await screen.findByRole("group", { name: "Matcher 1" });
  await user.type(within(row).getByRole("combobox", { name: "Label" }), "node");
  await user.click(within(row).getByRole("combobox", { name: "Operator" }));
  await user.click(await screen.findByRole("option", { name: "=~ matches" }));
  await user.type(within(row).getByRole("combobox", { name: "Regular expression" }), "web-(");
  expect(await within(row).findByText("This is no regular expression: unclosed group.")).toBeDefined();
  await user.type(within(row).getByRole("combobox", { name: "Regular expression" }), "{Backspace}.*");
  expect(await screen.findByText(/^It hides \d of the 4 alerts/)).toBeDefined();

  await user.click(screen.getByRole("button", { name: "Edit as text" }));
  const text = screen.getByRole("textbox", { name: "Matchers as text" });
  expect((text as HTMLTextAreaElement).value).toBe('{node=~"web-.*"}');
  await user.clear(text);
  await user.type(text, "node");
  expect(await screen.findByText("Bad matcher format: node.")).toBeDefined();
  await user.type(text, '="web-1"');
  await user.click(screen.getByRole("button", { name: "Edit as fields" }));
  expect(await screen.findByDisplayValue("web-1")).toBeDefined();
});

it("edits in place, and says when a new silence takes the place", async () => {
  const { user, writes, router } = openConsole(`/silences/${PENDING}/edit`, "full");
  const comment = await screen.findByRole("textbox", { name: "Comment" });
  await user.type(comment, "!");
  await user.click(screen.getByRole("button", { name: "Update" }));
  await screen.findByText("Updated.");
  expect(writes.filter(({ method, path }) => method === "PUT" && path === `/silences/${PENDING}`)).toHaveLength(1);
  expect(router.state.location.pathname).toBe(`/silences/${PENDING}`);

  await user.click(await screen.findByRole("link", { name: "Edit" }));
  await user.click(await screen.findByRole("button", { name: "Remove matcher 2" }));
  await user.click(screen.getByRole("button", { name: "Update" }));
  expect(await screen.findByText(/a new silence has taken the place/)).toBeDefined();
});

it("says when somebody else was faster", async () => {
  const { user, scenario, writes } = openConsole(`/silences/${ACTIVE}/edit`, "full");
  await user.type(await screen.findByRole("textbox", { name: "Comment" }), " mine");
  const theirs = scenario.silences.find(({ id }) => id === ACTIVE);
  Object.assign(theirs ?? {}, { comment: "Theirs", updated_at: "2026-11-22T00:00:00.000Z" });
  await user.click(screen.getByRole("button", { name: "Update" }));
  const dialog = await screen.findByRole("dialog", { name: "This silence was changed meanwhile" });
  await user.click(within(dialog).getByRole("button", { name: "Load theirs" }));
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Comment" }).value).toBe("Theirs");
  expect(writes.filter(({ method }) => method === "PUT")).toHaveLength(1);
});

it("expires after a question, and takes that back", async () => {
  const { user, scenario } = openConsole(`/silences/${ACTIVE}`, "full");
  const panel = await screen.findByRole("dialog", { name: "The bucket moves, OPS-412" });
  await user.click(await within(panel).findByRole("button", { name: "Expire" }));
  const question = await screen.findByRole("dialog", { name: "End this silence now?" });
  expect(within(question).getByText("It hides 1 alert now. Those not told yet are told at the next turn; the others when they are repeated or resolved.")).toBeDefined();
  await user.click(within(question).getByRole("button", { name: "Expire silence" }));
  expect(await within(panel).findByText("Expired")).toBeDefined();
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await expect.poll(() => scenario.silences.filter(({ state, comment }) => state === "active" && comment === "The bucket moves, OPS-412")).toHaveLength(1);
});

it("takes an end back also where the row has left the list before the answer is here", async () => {
  const { user, scenario, router } = openConsole("/silences", "full");
  const ask = globalThis.fetch;
  let answer: () => void = () => undefined;
  const isLeft = new Promise<void>((resolve) => (answer = resolve));
  vi.stubGlobal("fetch", async (asked: Request) => {
    if (asked.method === "DELETE") await isLeft;
    return ask(asked);
  });
  await user.click(await screen.findByRole("button", { name: "Expire: The bucket moves, OPS-412" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Expire silence" }));
  await router.navigate(paths.silences({ state: "pending" }));
  await expect.poll(() => screen.queryByText('alertname="EtcdBackupMissing"')).toBeNull();
  answer();
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await expect.poll(() => scenario.silences.filter(({ state }) => state === "active")).toHaveLength(1);
});

it("makes one that is over again, from now on", async () => {
  const { user, writes } = openConsole(`/silences/new?from=${EXPIRED}`, "full");
  expect(await screen.findByDisplayValue("Load test")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Silenced. It is shown with every alert that it hides.");
  expect(writes.find(({ path }) => path === "/silences")?.body).toMatchObject({ starts_at: null, duration: "2h", comment: "Load test" });
});

it("lets a viewer read and change nothing", async () => {
  openConsole("/silences", "viewer");
  const table = await screen.findByRole("table", { name: "Silences" });
  expect(await within(table).findByText('alertname="EtcdBackupMissing"')).toBeDefined();
  expect(within(table).getByRole<HTMLButtonElement>("button", { name: "Expire: The bucket moves, OPS-412" }).disabled).toBe(true);
  expect(screen.getByText("New silence").closest("a")?.hasAttribute("data-disabled")).toBe(true);
});
