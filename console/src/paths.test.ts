import { createMemoryHistory } from "@tanstack/react-router";
import { expect, it } from "vitest";

import { paths } from "./paths";
import { createConsoleRouter } from "./routes";

it("leads every path to a page", () => {
  const router = createConsoleRouter(createMemoryHistory());
  const places = [
    paths.home(), paths.alerts(), paths.alert("a"), paths.policies(), paths.newPolicy(), paths.policy(1), paths.editPolicy(1),
    paths.silences(), paths.silence("s"), paths.newSilence(), paths.editSilence("s"), paths.deliveries(), paths.delivery("d"), paths.settings(), paths.slack(), paths.newReceiver(), paths.receiver(1),
    paths.grouping(), paths.users(), paths.tokens(),
    paths.explore(), paths.history(), paths.metricsSource(), paths.routing(), paths.status(), paths.ruleFiles(), paths.inhibitions(), paths.heartbeats(), paths.runbooks(), paths.runbook("x"), paths.alerting(),
  ];
  expect(places).toHaveLength(Object.keys(paths).length);
  const known = Object.keys(router.routesByPath);
  for (const { to } of places) expect(known).toContain(to);
});
