import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../../dev/open-console";
import { ownRunbook } from "./RunbookLink";

it("a viewer reads a page, copies its commands and goes on to the next", async () => {
  const { user, router } = openConsole("/runbooks/KubePodCrashLooping", "viewer");
  expect(await screen.findByRole("heading", { level: 1, name: "KubePodCrashLooping" })).toBeDefined();
  expect(await screen.findByRole("heading", { level: 2, name: "What to do" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Copy kubectl rollout undo deployment/NAME" })).toBeDefined();
  await user.click(await screen.findByRole("link", { name: "KubePodNotReady" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/runbooks/KubePodNotReady"));
  expect(await screen.findByText("A pod is <b>not</b> ready.")).toBeDefined();
});

it("the index is searched by what the pages say", async () => {
  const { user, router } = openConsole("/runbooks", "full");
  expect(await screen.findByRole("link", { name: "KubePodNotReady" })).toBeDefined();
  await user.type(screen.getByRole("textbox", { name: "Search runbooks" }), "rollout undo");
  await waitFor(() => expect(screen.queryByRole("link", { name: "KubePodNotReady" })).toBeNull());
  expect(screen.getByRole("link", { name: "KubePodCrashLooping" })).toBeDefined();
  expect(router.state.location.search).toEqual({ q: "rollout undo" });
});

it("an alert leads to the page about alerts of its name, also one from outside", async () => {
  openConsole("/alerts/a2", "full");
  const link = await screen.findByRole("link", { name: "KubePodCrashLooping" });
  expect(link.getAttribute("href")).toBe("/runbooks/KubePodCrashLooping");
});

it("knows Larum's own pages by their address", () => {
  expect(ownRunbook("/runbooks/Watchdog", undefined)).toBe("Watchdog");
  expect(ownRunbook("https://larum.example/x/runbooks/Watchdog", "https://larum.example/x/")).toBe("Watchdog");
  expect(ownRunbook("https://elsewhere.example/runbooks/Watchdog", "https://larum.example")).toBeNull();
  expect(ownRunbook("/runbooks/../users", undefined)).toBeNull();
});
