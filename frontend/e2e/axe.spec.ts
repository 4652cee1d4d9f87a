import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Page, test } from "@playwright/test";
import { becomeOperator, openCompany } from "./operators";
import { expectDone, signIn, signUp, somebody, uploadFixture } from "./people";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PUBLIC = [
  "/",
  "/how-it-works",
  "/contact",
  "/sign-up",
  "/sign-in",
  "/verify",
  "/forgot-password",
  "/reset-password",
  "/join#inv_x",
  "/global-owner",
  "/receipt/ofb_x/y",
  "/no-such-page",
];
const INSIDE = ["/overview", "/explore", "/account", "/team", "/tokens", "/audit", "/company", "/data"];

const PLATFORM = [
  "/platform/companies",
  "/platform/users",
  "/platform/health",
  "/platform/schedules",
  "/platform/logs",
  "/platform/audit",
  "/platform/settings",
  "/account",
];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("public pages have no serious findings", async ({ page }) => {
      for (const path of PUBLIC) {
        await page.goto(path);
        await expectClean(page, path);
      }
    });

    test("pages inside have no serious findings", async ({ page }) => {
      await signUp(page, somebody());
      await expectClean(page, "/data, first run");
      await uploadFixture(page, "two-months.csv");
      await expectDone(page);
      await expectClean(page, "an upload");
      for (const path of INSIDE) {
        await page.goto(path);
        await expectClean(page, path);
      }
      await page.goto("/company");
      await page.getByRole("button", { name: "Delete this company" }).click();
      await expectClean(page, "the end of a company");
      await page.goto("/data");
      await page.getByRole("button", { name: "Delete two-months.csv" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectClean(page, "the delete dialog");
      await page.goto("/explore");
      await page.getByRole("button", { name: /^Dates/ }).click();
      await expectClean(page, "the dates");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Add filter" }).click();
      await expect(page.getByRole("option", { name: "AWS Lambda" })).toBeVisible();
      await expectClean(page, "the filter editor");
    });

    test("pages of the platform have no serious findings", async ({ page, browser }) => {
      const person = somebody();
      const context = await browser.newContext();
      await signUp(await context.newPage(), person);
      await context.close();
      await signIn(page, await becomeOperator(page));
      for (const path of PLATFORM) {
        await page.goto(path);
        await expectClean(page, path);
      }
      await openCompany(page, person.company);
      await expectClean(page, "a company");
      await page.getByRole("button", { name: "Change terms" }).click();
      await page.getByRole("radio", { name: /^Its own/ }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Change terms" }).click();
      await expectClean(page, "the terms, with mistakes");
    });
  });
}

/** axe-core's serious and critical findings, each with where it is. Also: one h1 and a title of its own. */
async function expectClean(page: Page, what: string): Promise<void> {
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
