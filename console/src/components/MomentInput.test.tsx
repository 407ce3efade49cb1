import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";

import { MomentInput } from "./MomentInput";

afterEach(() => vi.unstubAllEnvs());

function input(at: number | null, tell: (at: number) => void = () => undefined): HTMLInputElement {
  vi.stubEnv("TZ", "Europe/Berlin");
  render(<MantineProvider env="test"><MomentInput label="Until" at={at} onChange={tell} /></MantineProvider>);
  return screen.getByLabelText("Until");
}

it("shows and takes local times", () => {
  const tell = vi.fn();
  const until = input(Date.UTC(2026, 10, 22, 16, 30), tell);
  expect(until.value).toBe("2026-11-22T17:30");
  fireEvent.change(until, { target: { value: "2026-07-01T12:00" } });
  expect(tell).toHaveBeenCalledWith(Date.UTC(2026, 6, 1, 10));
});

it("shows nothing of a time at the end of all times, which may be none here", () => {
  expect(input(8.64e15).value).toBe("");
});
