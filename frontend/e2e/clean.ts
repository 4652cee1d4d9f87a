import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** axe-core's serious and critical findings, each with where it is. Also: one h1 and a title of its own. */
export async function expectClean(page: Page, what: string): Promise<void> {
  await expect(page.locator("h1"), `${what} has one h1`).toHaveCount(1);
  await expect(page.locator('[aria-busy="true"]'), `${what} is loaded`).toHaveCount(0);
  await expect(page, `${what} has a title`).toHaveTitle(/.+Outlay|Outlay: .+/);
  await page.waitForTimeout(300); // colours in transition are neither the old nor the new ones
  // Evaluated, because the page's own policy runs no script from elsewhere.
  await page.evaluate(await readFile(AXE, "utf8"));
  const findings = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<AxeResult> } };
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
  expect(findings, what).toEqual([]);
}

type AxeResult = { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
