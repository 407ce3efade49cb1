import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { openConsole } from "../../../../dev/open-console";

const SLACK = "/settings/notifications/slack";

describe("setting Slack up", () => {
  it("walks from the Platform menu to a first receiver", async () => {
    const { user, writes, router } = openConsole("/alerts", "empty");
    await user.click(await screen.findByRole("button", { name: "Platform" }));
    await user.click(await screen.findByRole("menuitem", { name: /Platform Settings/ }));
    await user.click(await screen.findByRole("link", { name: "Add receiver" }));

    await user.type(await screen.findByLabelText("Slack Token"), "xoxb-1");
    await user.type(screen.getByLabelText("Channel"), "alerts{Enter}");
    await user.type(screen.getByLabelText("Channel"), "#Alerts{Enter}");
    expect(screen.getByText("#alerts is already in the list.")).toBeDefined();
    await user.clear(screen.getByLabelText("Channel"));
    await user.type(screen.getByLabelText("Channel"), "ops");
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByRole("heading", { level: 1, name: "Slack" })).toBeDefined();
    expect(router.state.location.pathname).toBe(SLACK);
    expect(writes.find(({ path }) => path === "/receivers")?.body).toEqual({
      name: "Slack", token: "xoxb-1", channels: ["#alerts", "#ops"], conditions: null, enabled: false,
    });
  });

  it("shows the server's words at the field", async () => {
    const { user } = openConsole(`${SLACK}/new`, "empty");
    await user.clear(await screen.findByLabelText("Name"));
    await user.click(screen.getByRole("button", { name: "Save" }));
    const name = await screen.findByRole("textbox", { name: "Name", description: /Give the receiver a name/ });
    expect(name.getAttribute("aria-invalid")).toBe("true");
  });
});

describe("changing a receiver", () => {
  it("offers Update and Cancel after a change only", async () => {
    const { user, writes } = openConsole(SLACK, "full");
    const notify = await screen.findByRole("switch", { name: "Receive Notifications" });
    expect(screen.queryByRole("button", { name: "Update" })).toBeNull();
    await user.click(notify);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("button", { name: "Update" })).toBeNull();

    await user.click(screen.getByRole("switch", { name: "Receive Notifications" }));
    await user.click(screen.getByRole("button", { name: "Update" }));
    expect(await screen.findByText(/^Saved/)).toBeDefined();
    expect(writes.at(-1)).toMatchObject({ method: "PUT", path: "/receivers/1", body: { token: null, enabled: false, version: 3 } });
  });

  it("takes a value that is typed and not confirmed", async () => {
    const { user, writes } = openConsole(SLACK, "full");
    const condition = await screen.findByRole("group", { name: "Condition 1" });
    await user.type(within(condition).getByRole("combobox", { name: "Values" }), "warning{Enter}info");
    await user.click(screen.getByRole("button", { name: "Update" }));
    await screen.findByText(/^Saved/);
    const update = writes.findLast(({ method }) => method === "PUT");
    expect(update?.body).toMatchObject({ conditions: [{ label: "severity", operator: "In", values: ["critical", "error", "warning", "info"] }] });
  });

  it("adds and deletes conditions", async () => {
    const { user } = openConsole(SLACK, "full");
    await user.click(await screen.findByRole("button", { name: "Add condition" }));
    expect(screen.getAllByRole("group", { name: /^Condition \d/ })).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Delete condition 1" }));
    expect(screen.getAllByRole("group", { name: /^Condition \d/ })).toHaveLength(1);
  });

  it("asks whose version counts when somebody else was faster", async () => {
    const { user, writes } = openConsole(SLACK, "full");
    const name = await screen.findByLabelText("Name");
    await user.clear(name);
    await user.type(name, "conflict");
    await user.click(screen.getByRole("button", { name: "Update" }));
    const dialog = await screen.findByRole("dialog", { name: "This receiver was changed meanwhile" });
    expect(within(dialog).getByText("grace")).toBeDefined();
    await user.click(within(dialog).getByRole("button", { name: "Load theirs" }));
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Slack");
    expect(writes.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  it("warns before changes are lost", async () => {
    const { user, router } = openConsole(SLACK, "full");
    await user.click(await screen.findByRole("switch", { name: "Receive Notifications" }));
    await user.click(screen.getByRole("link", { name: /^Alerts/ }));
    const dialog = await screen.findByRole("dialog", { name: "Leave without saving?" });
    await user.click(within(dialog).getByRole("button", { name: "Stay" }));
    expect(router.state.location.pathname).toBe(SLACK);
  });

  it("sends a test message with the form as it stands", async () => {
    const { user, writes } = openConsole(SLACK, "full");
    await user.click(await screen.findByRole("button", { name: "Remove #platform" }));
    await user.click(screen.getByRole("button", { name: "Send Test Message" }));
    const results = await screen.findByRole("list", { name: "Test results" });
    expect(within(results).getAllByRole("listitem")).toHaveLength(3);
    expect(within(results).getByText("not_in_channel")).toBeDefined();
    expect(writes.at(-1)).toMatchObject({ path: "/receivers/test", body: { id: 1, draft: { channels: ["#alerts", "#ops-critical", "C024BE91L"] } } });
  });
});
