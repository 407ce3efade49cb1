import { expect, it } from "vitest";

import { topicsOf, withWhatFollows } from "./events";

it("reads the topics of an event", () => {
  expect(topicsOf('{"topics":["alerts","status"]}')).toEqual(["alerts", "status"]);
});

it("hears nothing in an event it does not understand", () => {
  expect(topicsOf("")).toEqual([]);
  expect(topicsOf('{"topics":3}')).toEqual([]);
});

it("asks for alerts again when silences change, which they show", () => {
  expect([...withWhatFollows(new Set(["silences"]))]).toEqual(["silences", "alerts", "why"]);
  expect([...withWhatFollows(new Set(["deliveries"]))]).toEqual(["deliveries", "why"]);
  expect([...withWhatFollows(new Set(["policies"]))]).toEqual(["policies"]);
});
