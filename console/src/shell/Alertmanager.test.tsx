import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { openConsole } from "../../dev/open-console";

beforeEach(() => localStorage.clear());

it("shows only the pages that there are where a file says everything", async () => {
  const { user } = openConsole("/", "alertmanager");
  const pages = await screen.findByRole("navigation", { name: "Pages" });
  const names = within(pages).getAllByRole("link").map(({ textContent }) => textContent?.replace(/\d.*/, ""));
  expect(names).toEqual(["Alerts", "Silences", "History", "Deliveries", "Routing", "Status"]);
  await user.click(screen.getByRole("button", { name: "Platform" }));
  expect(await screen.findByRole("menuitem", { name: "Inhibition rules" })).toBeDefined();
  expect(screen.queryByRole("menuitem", { name: /Platform Settings|Policies|Explore/ })).toBeNull();
});

it("nobody logs in, so nobody logs out", async () => {
  const { user } = openConsole("/alerts", "alertmanager");
  await user.click(await screen.findByRole("button", { name: "User anonymous" }));
  expect(await screen.findByText("Nobody logs in here: everybody may do everything.")).toBeDefined();
  expect(screen.queryByRole("menuitem", { name: /Log out|Change password/ })).toBeNull();
});

it.each([
  ["/#/alerts?silenced=false&receiver=team&filter=%7Balertname%3D%22Disk%22%7D", "/alerts", { q: '{alertname="Disk"}', receiver: "team" }],
  ["/#/silences/5e1f0000-0000-4000-8000-000000000001", "/silences/5e1f0000-0000-4000-8000-000000000001", {}],
  ["/#/silences/new?filter=%7Balertname%3D%22Disk%22%7D", "/silences/new", { matchers: '{alertname="Disk"}' }],
  ["/#/status", "/status", {}],
])("the old link %s leads to its page", async (link, path, search) => {
  const { router } = openConsole(link, "alertmanager");
  await waitFor(() => expect(router.state.location.pathname).toBe(path));
  expect(router.state.location.search).toEqual(search);
  expect(router.state.location.hash).toBe("");
});

it("whoever silences says who they are, and is known the next time", async () => {
  const { user, writes } = openConsole("/silences/new?matchers=%7Balertname%3D%22Disk%22%7D", "alertmanager");
  await user.type(await screen.findByRole("textbox", { name: "Author" }), "ada");
  await user.type(screen.getByRole("textbox", { name: "Comment" }), "A new disk comes");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Silenced. It is shown with every alert that it hides.");
  expect(writes.find(({ path }) => path === "/silences")?.body).toMatchObject({ created_by: "ada" });
  expect(localStorage.getItem("larum:author")).toBe("ada");
});

it("alerts stand in their groups, with who hears and when", async () => {
  const { user, router } = openConsole("/alerts", "alertmanager");
  await user.click(await screen.findByRole("radio", { name: "Groups" }));
  const groups = await screen.findByRole("list", { name: "Groups of alerts" });
  const [first] = within(groups).getAllByRole("listitem");
  expect(first?.textContent).toMatch(/next turn in [23] min/);
  expect(router.state.location.search).toEqual({ view: "groups" });
  await user.click(within(groups).getAllByRole("link", { name: "team" })[0] as HTMLElement);
  expect(await screen.findByText(/are told to the receiver/)).toBeDefined();
});

it("says how Larum is, and what its file says", async () => {
  openConsole("/status", "alertmanager");
  expect(await screen.findByText(/5f0c2a, alone/)).toBeDefined();
  const text = await screen.findByLabelText("configuration");
  expect(text.textContent).toContain("api_url: <secret>");
});
