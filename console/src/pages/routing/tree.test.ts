import { expect, it } from "vitest";

import type { Route } from "../../api/types";
import { groupWords, inherits, matchersOfRoute, muteWords, treeOf } from "./tree";

function route(patch: Partial<Route> = {}): Route {
  return {
    id: 0, parent: null, matchers: [], receiver: "team", continue: false, group_by: [], group_wait: "30s", group_interval: "5m", repeat_interval: "4h",
    inherited: ["group_wait"], labels: {}, mute_time_intervals: [], active_time_intervals: [], mute: null, changes_at: null, ...patch,
  };
}

it("routes hang where they are tried", () => {
  const root = treeOf([route(), route({ id: 1, parent: 0 }), route({ id: 2, parent: 1 }), route({ id: 3, parent: 0 })]);
  expect(root?.below.map((branch) => [branch.route.id, branch.below.map(({ route: { id } }) => id)])).toEqual([[1, [2]], [3, []]]);
  expect(treeOf([])).toBeUndefined();
});

it("how alerts are gathered is said in words", () => {
  expect(groupWords(route())).toBe("all alerts in one group");
  expect(groupWords(route({ group_by: ["..."] }))).toBe("each alert in a group of its own");
  expect(groupWords(route({ group_by: ["alertname", "node"] }))).toBe("grouped by alertname, node");
});

it("what is inherited is told from what is said", () => {
  expect([inherits(route(), "group_wait"), inherits(route(), "receiver")]).toEqual([true, false]);
});

it("matchers are written as in the file", () => {
  expect(matchersOfRoute(route({ matchers: ['a="b"', 'c=~"d|e"'] }))).toBe('{a="b", c=~"d|e"}');
});

it("a route says why it is mute, or when it can be", () => {
  expect(muteWords(route())).toBeNull();
  expect(muteWords(route({ mute: { by: ["night"], outside: false } }))).toEqual({ isMute: true, why: "mute at night" });
  expect(muteWords(route({ mute: { by: ["office"], outside: true } }))).toEqual({ isMute: true, why: "active at office only" });
  expect(muteWords(route({ mute_time_intervals: ["night"], active_time_intervals: ["office"] }))).toEqual({ isMute: false, why: "active at office, mute at night" });
});
