import { MantineProvider } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";

import { MOST_TOASTS, toastDone, toastFailed } from "./toast";

beforeEach(() => {
  render(
    <MantineProvider env="test">
      <Notifications limit={MOST_TOASTS} />
    </MantineProvider>,
  );
});

afterEach(() => notifications.clean());

async function standing(): Promise<string[]> {
  const alerts = await screen.findAllByRole("alert");
  return alerts.map((alert) => alert.textContent);
}

it("says the same once", async () => {
  for (let time = 0; time < 5; time += 1) toastDone("Saved.");
  expect(await standing()).toEqual(["Saved."]);
});

it("lets what closes by itself give way first", async () => {
  toastFailed(new Error("Slack does not answer."));
  for (const word of ["one", "two", "three"]) toastDone(word);
  await waitFor(async () => expect(await standing()).toEqual(["Slack does not answer.", "two", "three"]));
  toastFailed(new Error("The disk is full."));
  await waitFor(async () => expect(await standing()).toEqual(["Slack does not answer.", "three", "The disk is full."]));
});
