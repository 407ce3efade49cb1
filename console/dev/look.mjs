/**
 * Looks at pages in a real Chromium: `node dev/look.mjs OUT [NAME …]` while `npm run dev:mock` runs.
 * Each shot is taken wide and narrow, light and dark; axe's findings and page errors are printed.
 */
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [out = "look", ...names] = process.argv.slice(2);
const base = process.env.CONSOLE_URL ?? "http://127.0.0.1:5173";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const slack = "/settings/notifications/slack";
const shots = [
  { name: "login", scenario: "login", path: "/" },
  { name: "first", scenario: "first", path: "/" },
  { name: "alerts", scenario: "full", path: "/alerts?state=firing,pending,resolved" },
  { name: "alert", scenario: "full", path: "/alerts/a1" },
  { name: "alerts-empty", scenario: "empty", path: "/alerts" },
  { name: "alerts-error", scenario: "error", path: "/alerts" },
  { name: "silences", scenario: "full", path: "/silences?state=active,pending,expired" },
  { name: "silences-empty", scenario: "empty", path: "/silences" },
  { name: "silence", scenario: "full", path: "/silences/5e1f0000-0000-4000-8000-000000000001" },
  { name: "silence-new", scenario: "full", path: "/silences/new?alert=a1" },
  { name: "silence-text", scenario: "full", path: '/silences/new?matchers={severity=~".%2B"}' },
  { name: "silence-edit", scenario: "full", path: "/silences/5e1f0000-0000-4000-8000-000000000002/edit" },
  { name: "slack-empty", scenario: "empty", path: slack },
  { name: "slack-new", scenario: "empty", path: `${slack}/new` },
  { name: "slack", scenario: "full", path: slack },
  { name: "slack-list", scenario: "several", path: slack },
  { name: "platform", scenario: "viewer", path: "/alerts", press: "Platform" },
  { name: "viewer", scenario: "viewer", path: slack },
  { name: "grouping", scenario: "full", path: "/settings/notifications/grouping" },
  { name: "users", scenario: "full", path: "/settings/users" },
  { name: "tokens", scenario: "full", path: "/settings/tokens" },
  { name: "policies", scenario: "full", path: "/policies" },
  { name: "policies-builtin", scenario: "full", path: "/policies?tab=builtin" },
  { name: "policies-empty", scenario: "empty", path: "/policies" },
  { name: "policy", scenario: "full", path: "/policies/20" },
  { name: "policy-new", scenario: "full", path: "/policies/new" },
  { name: "policy-edit", scenario: "full", path: "/policies/20/edit" },
  { name: "policy-builtin", scenario: "full", path: "/policies/3" },
  { name: "policy-builtin-edit", scenario: "full", path: "/policies/3/edit" },
  { name: "policy-promql", scenario: "full", path: "/policies/new", press: "Edit as PromQL" },
  { name: "policies-import", scenario: "full", path: "/policies", press: "Import" },
  { name: "history", scenario: "full", path: "/history" },
  { name: "explore-empty", scenario: "full", path: "/graph" },
  { name: "explore-table", scenario: "full", path: "/graph?g0.expr=node_load1" },
  { name: "explore-graph", scenario: "full", path: "/graph?g0.expr=node_load1&g0.tab=0" },
  { name: "explore-wrong", scenario: "full", path: "/graph?g0.expr=node_load1%20%3E" },
  { name: "metrics-source", scenario: "full", path: "/metrics-source" },
  { name: "metrics-source-away", scenario: "several", path: "/metrics-source" },
  { name: "rule-files", scenario: "full", path: "/rule-files" },
  { name: "inhibitions", scenario: "full", path: "/inhibitions" },
  { name: "heartbeats", scenario: "full", path: "/heartbeats" },
  { name: "runbooks", scenario: "full", path: "/runbooks" },
  { name: "runbook", scenario: "full", path: "/runbooks/KubePodCrashLooping" },
  { name: "alerting", scenario: "full", path: "/settings/alerting" },
  { name: "alerting-off", scenario: "off", path: "/settings/alerting" },
  { name: "deliveries", scenario: "full", path: "/deliveries" },
  { name: "delivery", scenario: "full", path: "/deliveries/d0" },
  { name: "deliveries-empty", scenario: "empty", path: "/deliveries" },
  { name: "routing", scenario: "alertmanager", path: "/routing" },
  { name: "routing-asked", scenario: "alertmanager", path: "/routing?labels=severity%3Dcritical" },
  { name: "routing-failed", scenario: "alertmanagerWrong", path: "/routing?labels=severity" },
  { name: "routing-none", scenario: "full", path: "/routing" },
  { name: "status", scenario: "alertmanager", path: "/status" },
  { name: "groups", scenario: "alertmanager", path: "/alerts?view=groups" },
  { name: "alertmanager", scenario: "alertmanager", path: "/alerts", press: "Platform" },
  { name: "alertmanager-empty", scenario: "alertmanagerWrong", path: "/alerts" },
  { name: "alertmanager-silence", scenario: "alertmanager", path: "/silences/new?alert=a6" },
  { name: "slack-file", scenario: "withFile", path: slack },
  { name: "not-found", scenario: "full", path: "/nowhere" },
];

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const shot of shots.filter(({ name }) => names.length === 0 || names.includes(name))) {
  await fetch(`${base}/mock/${shot.scenario}`, { method: "POST" });
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
    await look(shot, width, colorScheme);
  }
}
await browser.close();

async function look({ name, path, press }, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: 860 }, colorScheme });
  page.on("pageerror", (error) => console.log(`${name} ${width} ${colorScheme}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (400|401|404|503)/.test(message.text())) console.log(`${name} ${width}: ${message.text()}`);
  });
  await page.goto(base + path);
  // The stream of events keeps the network busy for ever, so the heading says when the page is there.
  await page.locator("h1, h2").first().waitFor();
  await page.locator("[aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root").first().waitFor({ state: "detached" });
  if (press) await page.getByRole("button", { name: press }).click();
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))));
  // Tall enough for everything, so that what sticks to the lower edge stands there.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(860, height) });
  await page.screenshot({ path: `${out}/${name}-${width}-${colorScheme}.png` });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const { id, nodes } of violations) console.log(`${name} ${width} ${colorScheme}: axe ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) console.log(`${name} ${width}: ${wide} px too wide`);
  await page.close();
}
