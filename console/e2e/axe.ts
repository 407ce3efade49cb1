import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

/** What axe finds wrong with the page as it stands, for those who use a keyboard or a screen reader. */
export async function faults(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.map(({ id, help, nodes }) => `${page.url()}: ${id}: ${help}: ${nodes[0]?.html ?? ""}`);
}
