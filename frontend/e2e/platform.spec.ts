import { expect, test } from "@playwright/test";
import { becomeOperator } from "./operators";
import { signIn, signUp, somebody } from "./people";

test("a global owner finds a company, suspends it with a reason, and restores it", async ({
  page,
  browser,
}) => {
  const person = somebody();
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await signUp(theirs, person);

  await signIn(page, await becomeOperator(page));
  await expect(page.getByRole("heading", { name: "Companies", level: 1 })).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Health" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Overview" })).toHaveCount(0);

  const find = page.getByRole("form", { name: "Find companies" });
  await expect(async () => {
    // The list follows the company's founding within seconds.
    await find.getByLabel("Find").fill(person.company);
    await find.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(/search=/);
    await page.reload();
    await expect(page.getByRole("link", { name: person.company })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 45_000 });
  await page.getByRole("link", { name: person.company }).click();
  await expect(page.getByRole("heading", { name: person.company })).toBeVisible();
  await expect(page.getByRole("region", { name: "People" })).toContainText(person.email);

  await page.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await expect(dialog.getByLabel("Why?")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Why?").fill("Invoice 2026-10 is not paid");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByRole("button", { name: "Restore" })).toBeVisible();

  await expect(async () => {
    await theirs.goto("/explore");
    await expect(theirs.getByRole("heading", { name: "Your company is suspended" })).toBeVisible({
      timeout: 3000,
    });
  }).toPass({ timeout: 90_000 });

  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByLabel("Why?").fill("It is paid");
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await expect(page.getByRole("button", { name: "Suspend" })).toBeVisible();
  await context.close();
});

test("a global owner starts a schedule, reads health and logs, and changes the notice", async ({ page }) => {
  await signIn(page, await becomeOperator(page));
  await page.goto("/platform/schedules");
  await page
    .getByRole("button", { name: /^Start now/ })
    .first()
    .click();
  await expect(page.getByText("was started")).toBeVisible();
  await page.goto("/platform/health");
  await expect(page.getByRole("heading", { name: "Health", level: 1 })).toBeVisible();
  await page.goto("/platform/logs?level=debug");
  await expect(page.getByRole("list", { name: "Log lines" }).getByRole("listitem").first()).toBeVisible();
  await page.goto("/platform/users");
  await expect(page.getByRole("heading", { name: "Users", level: 1 })).toBeVisible();

  await page.goto("/platform/settings");
  const notice = `Planned work ${Date.now()}`;
  await page.getByLabel("Notice").fill(notice);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Notice")).toHaveValue(notice);
});

test("the platform is not for an owner of a company", async ({ page }) => {
  await signUp(page, somebody());
  await page.goto("/platform/companies");
  await expect(page.getByText("403")).toBeVisible();
});
