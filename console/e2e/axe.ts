import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

/** What is wrong with these pages on a phone and on a desk: what is too wide, and what axe finds. */
export async function unfit(page: Page, paths: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByText("Live", { exact: true }).first().waitFor({ state: "attached" });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) found.push(`${path} is ${String(overflow)} pixels wider than ${String(width)}`);
      found.push(...(await faults(page)));
    }
  }
  return found;
}

/** What axe finds wrong with the page as it stands, for those who use a keyboard or a screen reader. */
export async function faults(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.map(({ id, help, nodes }) => `${page.url()}: ${id}: ${help}: ${nodes[0]?.html ?? ""}`);
}
