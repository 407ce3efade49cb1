import { expect, it } from "vitest";

import { alert } from "../../../dev/mock/fixtures";
import { splitHeartbeats, stateCounts } from "./heartbeats";

it("does not count what always fires", () => {
  const state = { firing: 1, pending: 0, resolved: 2 };
  expect(stateCounts({ state, severity: { none: 1 } })).toEqual({ firing: 0, pending: 0, resolved: 2 });
  expect(stateCounts({ state, severity: {} }).firing).toBe(1);
});

it("tells alerts from heartbeats", () => {
  const both = [alert({ id: "a" }), alert({ id: "w", heartbeat: true })];
  const { alerts, heartbeats } = splitHeartbeats(both);
  expect([alerts.map(({ id }) => id), heartbeats.map(({ id }) => id)]).toEqual([["a"], ["w"]]);
});
