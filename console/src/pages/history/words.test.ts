import { expect, it } from "vitest";

import { matchersFor, matchersOf, periodOf, periods } from "./words";

it("finds the matchers between commas, and leaves commas in quotes alone", () => {
  expect(matchersOf('{a="1,2", b=~"x|y"}')).toEqual(['a="1,2"', 'b=~"x|y"']);
  expect(matchersOf("node=web-1")).toEqual(["node=web-1"]);
  expect(matchersOf(String.raw`a="say \"a,b\"",c!=d,`)).toEqual([String.raw`a="say \"a,b\""`, "c!=d"]);
  expect(matchersOf(" ")).toEqual([]);
  expect(matchersOf(undefined)).toEqual([]);
});

it("keeps what is not closed for the server to refuse", () => {
  expect(matchersOf('a="open, b=1')).toEqual(['a="open', "b=1"]);
});

it("finds an alert by its labels, whatever is in them", () => {
  const text = matchersFor({ alertname: "Disk", path: String.raw`C:\a, "b"`, "k8s.io/app": "x\ny" });
  expect(text).toBe(String.raw`alertname="Disk", path="C:\\a, \"b\"", "k8s.io/app"="x\ny"`);
  expect(matchersOf(text)).toHaveLength(3);
});

it("looks back a day unless the address names another time that there is", () => {
  expect(periodOf({})).toBe(periods["24h"]);
  expect(periodOf({ period: "7d" })).toBe(periods["7d"]);
  expect(periodOf({ period: "constructor" })).toBe(periods["24h"]);
});

it("takes a time with one open end", () => {
  expect(periodOf({ from: "2026-01-01T00:00:00Z" })).toEqual({ from: "2026-01-01T00:00:00Z" });
  expect(periodOf({ period: "7d", to: "2026-01-02T00:00:00Z" })).toEqual({ to: "2026-01-02T00:00:00Z" });
});
