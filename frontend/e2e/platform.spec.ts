import { expect, type Page, test } from "@playwright/test";
import { becomeOperator, openCompany } from "./operators";
import { signIn, signOut, signUp, somebody } from "./people";

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

  await openCompany(page, person.company);
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

test("a global owner starts a schedule, reads health and logs, and changes the notice", async ({
  page,
  browser,
}) => {
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

  await test.step("everybody is told, until they hide it", async () => {
    const banner = { name: "From whoever runs Outlay" };
    await expect(page.getByRole("complementary", banner)).toContainText(notice);
    const context = await browser.newContext();
    const visitor = await context.newPage();
    await visitor.goto("/");
    const told = visitor.getByRole("complementary", banner);
    await expect(told).toContainText(notice);
    await told.getByRole("button", { name: "Hide" }).click();
    await expect(told).toHaveCount(0);
    await visitor.reload();
    await expect(visitor.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(told).toHaveCount(0);
    await context.close();
  });

  await test.step("and it goes at once", async () => {
    await page.getByLabel("Notice").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved")).toBeVisible();
    await expect(page.getByRole("complementary")).toHaveCount(0);
  });
});

test("a global owner changes the terms of a company, and not those that somebody else changed meanwhile", async ({
  page,
  browser,
}) => {
  const person = somebody();
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await signUp(theirs, person);
  const offered = theirs.getByRole("navigation", { name: "Main" });
  await expect(offered.getByRole("link", { name: "Audit" })).toBeVisible();

  await signIn(page, await becomeOperator(page));
  await openCompany(page, person.company);
  await expect(page.getByText("As everybody")).toBeVisible();
  const dialog = page.getByRole("dialog");

  await test.step("what is missing or no number is said beside its field", async () => {
    await page.getByRole("button", { name: "Change terms" }).click();
    await dialog.getByRole("radio", { name: /^Analysis/ }).check();
    await dialog.getByRole("radio", { name: /^Its own/ }).check();
    await dialog.getByLabel("Of all together").fill("0");
    await dialog.getByLabel("Of one person or program").fill("60");
    await dialog.getByRole("button", { name: "Change terms" }).click();
    await expect(dialog.getByLabel("Of all together")).toHaveAttribute("aria-invalid", "true");
    await expect(dialog.getByLabel("Why?")).toHaveAttribute("aria-invalid", "true");
  });

  await test.step("the terms hold, for the company's people too", async () => {
    await dialog.getByLabel("Of all together").fill("6000");
    await dialog.getByLabel("Why?").fill("Contract of November");
    await dialog.getByRole("button", { name: "Change terms" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText("6,000 of all together, 60 of one person or program")).toBeVisible();
    await expect(page.getByText("Analysis", { exact: true })).toBeVisible();
    await expect(async () => {
      await theirs.reload();
      await expect(offered.getByRole("link", { name: "Data" })).toBeVisible({ timeout: 3000 });
      await expect(offered.getByRole("link", { name: "Audit" })).toHaveCount(0, { timeout: 1000 });
    }).toPass({ timeout: 90_000 });
  });

  await test.step("a change that was decided on what is no longer so is refused, and decided anew", async () => {
    await page.getByRole("button", { name: "Change terms" }).click();
    await dialog.getByLabel("Why?").fill("The pilot has ended");
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(page.url());
    await elsewhere.getByRole("button", { name: "Change terms" }).click();
    const another = elsewhere.getByRole("dialog");
    await another.getByRole("radio", { name: /^Intake/ }).check();
    await another.getByLabel("Why?").fill("They only hand in");
    await another.getByRole("button", { name: "Change terms" }).click();
    await expect(another).toHaveCount(0);
    await elsewhere.close();

    await dialog.getByRole("button", { name: "Change terms" }).click();
    await expect(dialog.getByRole("alert")).toContainText("changed since you read it");
    await dialog.getByRole("button", { name: "Read it again" }).click();
    await expect(dialog.getByRole("radio", { name: /^Intake/ })).toBeChecked();
    await expect(dialog.getByRole("radio", { name: /^Intake/ })).toBeFocused();
    await expect(dialog.getByLabel("Why?")).toHaveValue("The pilot has ended");
    await dialog.getByRole("radio", { name: /^Full/ }).check();
    await dialog.getByRole("radio", { name: /^As everybody/ }).check();
    await dialog.getByRole("button", { name: "Change terms" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText("As everybody")).toBeVisible();
  });
  await context.close();
});

test("the platform's audit tells who looked at a company, and is filtered by what, whom and when", async ({
  page,
  browser,
}) => {
  const person = somebody();
  const context = await browser.newContext();
  await signUp(await context.newPage(), person);
  await context.close();
  await signIn(page, await becomeOperator(page));
  const id = await openCompany(page, person.company);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" }).click();
  const log = page.getByRole("region", { name: "Audit" });
  await expect(log).toContainText("Admin: list tenants");
  await page.getByLabel("What", { exact: true }).selectOption("Companies looked at");
  await page.getByLabel("Id of what").fill(id);
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/action=admin\.get-tenant/);
  const rows = log.getByRole("row").filter({ hasText: id });
  await expect(rows.first()).toContainText("Admin: get tenant");
  await expect(rows.first()).toContainText("Olga Operator");
  await expect(log).not.toContainText("Admin: list tenants");

  await page.reload();
  await expect(rows.first(), "the address is the filter").toBeVisible();
  await page.getByLabel("From", { exact: true }).fill("2019-12-01");
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(log, "reading it is told, too").toContainText("Admin: list audit");

  await page.goto(`/platform/audit?target=${id}`);
  await rows.first().getByRole("link", { name: id }).click();
  await expect(page.getByRole("heading", { name: person.company })).toBeVisible();
});

test("a global owner sees where they are signed in, ends it, and changes their password", async ({
  page,
  browser,
}) => {
  const operator = await becomeOperator(page);
  await signIn(page, operator);
  const other = await browser.newContext({ userAgent: "Mozilla/5.0 (X11; Linux) Firefox/140.0" });
  const there = await other.newPage();
  await signIn(there, operator);

  await page.getByRole("banner").getByRole("link", { name: "Olga Operator" }).click();
  await expect(page.getByRole("heading", { name: "Your account", level: 1 })).toBeVisible();
  await expect(page.getByText("Global owner").first()).toBeVisible();
  await expect(page.getByText("Your compan"), "nothing that needs a company").toHaveCount(0);
  const devices = page.getByRole("region", { name: "Where you are signed in" });
  await expect(devices.getByText("This device")).toHaveCount(1);
  const end = devices.getByRole("button", { name: "Sign out Firefox on Linux" });
  await end.click();
  await expect(end).toHaveCount(0);
  await there.reload();
  await expect(there.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await page.getByLabel("Your name").fill("Olga Overseer");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("banner").getByText("Olga Overseer")).toBeVisible();
  await page.reload();
  const log = page.getByRole("region", { name: "Audit" });
  await expect(log.getByRole("row").filter({ hasText: "Auth: rename" })).toContainText("You");

  const password = "another pass phrase of an operator";
  await changePassword(page, "not my password at all", password);
  await expect(page.getByText("The current password is not right")).toBeVisible();
  await changePassword(page, operator.password, password);
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await signOut(page);
  await signIn(page, { ...operator, password });
  await expect(page.getByRole("heading", { name: "Companies", level: 1 })).toBeVisible();
  await other.close();
});

test("/admin leads to the companies, also by way of signing in", async ({ page }) => {
  const operator = await becomeOperator(page);
  await page.goto("/admin");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByLabel("Work email").fill(operator.email);
  await page.getByLabel("Password").fill(operator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/platform\/companies$/);
  await page.goto("/admin");
  await expect(page).toHaveURL(/\/platform\/companies$/);
  await expect(page.getByRole("heading", { name: "Companies", level: 1 })).toBeVisible();
});

test("the platform is not for an owner of a company", async ({ page }) => {
  await signUp(page, somebody());
  for (const path of ["/admin", "/platform/companies", "/platform/audit"]) {
    await page.goto(path);
    await expect(page.getByText("403"), path).toBeVisible();
  }
});

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.getByLabel("Current password").fill(current);
  await page.getByLabel("New password").fill(next);
  await page.getByRole("button", { name: "Change password" }).click();
}
