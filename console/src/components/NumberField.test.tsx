import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";

import { NumberField } from "./NumberField";

function Threshold({ tell }: { tell: (value: number | null) => void }) {
  const [value, setValue] = useState<number | null>(80);
  const change = (next: number | null) => {
    setValue(next);
    tell(next);
  };
  return (
    <MantineProvider env="test">
      <NumberField label="Threshold" suffix=" %" value={value} onChange={change} />
      <button type="button" onClick={() => change(80)}>Default</button>
    </MantineProvider>
  );
}

it.each([["0.85", 0.85], ["-5", -5], ["1.05", 1.05], ["0.001", 0.001], ["10", 10], ["0", 0]])("takes %s key by key", async (typed, number) => {
  let told: number | null = null;
  const user = userEvent.setup();
  render(<Threshold tell={(value) => (told = value)} />);
  const input = screen.getByLabelText<HTMLInputElement>("Threshold");
  await user.clear(input);
  expect(told).toBeNull();
  await user.type(input, typed);
  expect(told).toBe(number);
  expect(input.value).toBe(`${typed} %`);
});

it("follows what is set elsewhere, also over what is no number", async () => {
  const user = userEvent.setup();
  render(<Threshold tell={() => undefined} />);
  const input = screen.getByLabelText<HTMLInputElement>("Threshold");
  await user.clear(input);
  await user.type(input, "-");
  await user.click(screen.getByRole("button", { name: "Default" }));
  expect(input.value).toBe("80 %");
});
