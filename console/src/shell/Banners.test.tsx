import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { openConsole } from "../../dev/open-console";

it("says on every page that Slack fails, and leads to what waits", async () => {
  const { user, router } = openConsole("/policies", "slackFails");
  const banner = await screen.findByText(/Slack does not take messages: for 7 minutes/);
  expect(banner.closest("[data-tone]")?.getAttribute("data-tone")).toBe("red");
  await user.click(await screen.findByRole("link", { name: "See what waits" }));
  expect(await screen.findByRole("heading", { name: "Deliveries" })).toBeDefined();
  expect(router.state.location.pathname).toBe("/deliveries");
  expect(screen.getByText(/Slack does not take messages/)).toBeDefined();
});
