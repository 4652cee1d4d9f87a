import { expect, test } from "@playwright/test";
import { expectClean } from "./clean";
import { becomeOperator, openCompany } from "./operators";
import { expectDone, signIn, signUp, somebody, uploadFixture } from "./people";

const PUBLIC = [
  "/",
  "/how-it-works",
  "/contact",
  "/sign-up",
  "/sign-in",
  "/sign-in/callback",
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
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Switch company/ }).click();
      await expectClean(page, "the companies");
      await page.getByRole("button", { name: "Found another company" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectClean(page, "founding a company");
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
