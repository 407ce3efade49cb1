import { expect, it } from "vitest";

import { matchersFor, matchersOf } from "./words";

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
