import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { TimeChart } from "./TimeChart";

/** Three values in a span that is not a whole number of steps. */
function chart(onZoom?: (from: number, to: number) => void): HTMLElement {
  const line = { name: "load", values: [1, 2, 3], place: 0 };
  render(
    <MantineProvider env="test">
      <TimeChart label="Load" lines={[line]} frame={{ start: 0, end: 5000, step: 2000 }} show={(value) => `${value} per core`} onZoom={onZoom} />
    </MantineProvider>,
  );
  return screen.getByRole("img", { name: "Load" });
}

it("shows the last values also at the very edge", () => {
  fireEvent.pointerMove(chart(), { clientX: 10_000 });
  expect(screen.getByText(/load: 3 per core/)).toBeDefined();
});

it("tells a span that was drawn, but only with the main button", () => {
  const zoom = vi.fn();
  const image = chart(zoom);
  const draw = (button: number) => {
    fireEvent.pointerDown(image, { clientX: 0, pointerType: "mouse", button });
    fireEvent.pointerMove(image, { clientX: 10_000 });
    fireEvent.pointerUp(image);
  };
  draw(2);
  expect(zoom).not.toHaveBeenCalled();
  draw(0);
  expect(zoom).toHaveBeenCalledWith(0, 5000);
});
