import { expect, it } from "vitest";

import { matchersFor, matchersOf, seriesName } from "./matchers";

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

it("writes a series as PromQL does", () => {
  expect(seriesName({ __name__: "up", job: "node", instance: 'a"b' })).toBe(String.raw`up{instance="a\"b", job="node"}`);
  expect(seriesName({ __name__: "up" })).toBe("up");
  expect(seriesName({})).toBe("{}");
  expect(seriesName({ __name__: "http.requests", "k8s.pod": "a" })).toBe('{"http.requests", "k8s.pod"="a"}');
  expect(seriesName({ __name__: "http.requests" })).toBe('{"http.requests"}');
});
