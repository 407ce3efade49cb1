import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// The first page of a run is compiled while the test waits for it.
configure({ asyncUtilTimeout: 15_000 });

// What happy-dom lacks and Mantine asks for.
window.HTMLElement.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;
Object.defineProperty(document, "fonts", { value: new EventTarget() });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
