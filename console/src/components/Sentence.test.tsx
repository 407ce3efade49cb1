import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Sentence } from "./Sentence";

beforeEach(() => vi.stubEnv("TZ", "Europe/Berlin"));
afterEach(() => vi.unstubAllEnvs());

function shown(text: string) {
  const { container } = render(<MantineProvider env="test"><p><Sentence text={text} /></p></MantineProvider>);
  return container.querySelector("p");
}

test("a time in a sentence is that of the clock on the wall", () => {
  const sentence = shown("Silenced by ada until 2001-11-22T08:00:00.000Z (known). Told once that is over.");
  expect(sentence?.textContent).toBe("Silenced by ada until 22 Nov, 09:00:00 (known). Told once that is over.");
  expect(sentence?.querySelector("time")?.dateTime).toBe("2001-11-22T08:00:00.000Z");
});

test("what is no time stays as it is", () => {
  for (const text of ["Told in #alerts.", "Until 2001-99-99T08:00:00Z, said ada.", ""]) expect(shown(text)?.textContent).toBe(text);
});
