import { expect, it } from "vitest";

import { baseOf } from "./base";
import { placeOfOldLink } from "./old-links";

const ID = "5e1f0000-0000-4000-8000-000000000001";

it.each([
  ["#/alerts", "/alerts", {}],
  ["/alerts?receiver=team&silenced=false", "/alerts", { receiver: "team" }],
  ["/alerts?silenced=false&inhibited=false&filter=%7Balertname%3D%22A%3FB%22%7D", "/alerts", { q: '{alertname="A?B"}' }],
  ["/alerts?filter=severity%3D%22critical%22", "/alerts", { q: '{severity="critical"}' }],
  ["/silences", "/silences", {}],
  ["/silences/new?filter=%7Balertname%3D%22A%22%2C%20node%3D~%22web-.*%22%7D", "/silences/new", { matchers: '{alertname="A", node=~"web-.*"}' }],
  [`/silences/${ID}`, "/silences/$silenceId", {}],
  [`/silences/edit/${ID}`, "/silences/$silenceId/edit", undefined],
  ["/silences/<script>", "/silences", {}],
  ["/status", "/status", undefined],
] as const)("the old link %s leads to the page here", (hash, to, search) => {
  const place = placeOfOldLink(hash);
  expect(place?.to).toBe(to);
  expect(place && "search" in place ? place.search : undefined).toEqual(search);
});

it("what is no old link leads nowhere", () => {
  expect(placeOfOldLink("")).toBeNull();
  expect(placeOfOldLink("#content")).toBeNull();
});

it("the console lies where its script comes from", () => {
  expect(baseOf("http://a.example/assets/index-1.js")).toBe("/");
  expect(baseOf("https://a.example/tools/alertmanager/assets/index-1.js")).toBe("/tools/alertmanager/");
});
