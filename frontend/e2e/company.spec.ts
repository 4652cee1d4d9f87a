import { expect, test } from "@playwright/test";
import { signUp, somebody } from "./people";

test("a token is shown once, works, and is revoked", async ({ page, request }) => {
  await signUp(page, somebody());
  await page.goto("/tokens");
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByLabel("What is it for?").fill("Nightly report");
  await page.getByLabel("It works for").selectOption("7");
  await page.getByRole("button", { name: "Make token" }).click();
  const secret = await page.getByLabel("Token Nightly report").inputValue();
  expect(secret).toMatch(/^out_/);
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  await page.getByRole("button", { name: "I have it" }).click();

  const asToken = { headers: { authorization: `Bearer ${secret}` } };
  expect((await request.get("/v1/costs/dashboard", asToken)).status()).toBe(200);
  expect((await request.get("/v1/members", asToken)).status(), "not of its scopes").toBe(403);

  await page.reload();
  await expect(page.getByRole("region", { name: "API tokens" })).toContainText("Nightly report");
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Revoke Nightly report" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No tokens yet")).toBeVisible();
});

test("the audit tells what was done, and is filtered by what and when", async ({ page }) => {
  await signUp(page, somebody());
  await page.goto("/tokens");
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByLabel("What is it for?").fill("Audited");
  await page.getByRole("button", { name: "Make token" }).click();
  await page.getByRole("button", { name: "I have it" }).click();

  await page.goto("/audit");
  const log = page.getByRole("region", { name: "Audit" });
  await expect(log).toContainText("Tokens: create");
  await expect(log).toContainText("Ada Lovelace");
  await page.getByLabel("What", { exact: true }).selectOption("tokens");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/action=tokens/);
  await expect(log.getByRole("row")).toHaveCount(2); // with the head
  await page.reload();
  await expect(log.getByRole("row")).toHaveCount(2);
  await page.getByLabel("To").fill("2020-01-01");
  await page.getByLabel("From").fill("2019-12-01");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(log).toContainText("Tokens: create");
});

test("the company's name is changed, and shows everywhere", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await page.goto("/company");
  await expect(page.getByRole("heading", { name: "What it uses" })).toBeVisible();
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await name.fill(`${person.company} Renamed`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("banner").getByText(`${person.company} Renamed`)).toBeVisible();
});

test("another company is founded, and one goes back and forth", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  const company = page.getByRole("button", { name: /^Switch company/ });
  const dialog = page.getByRole("dialog", { name: "Found another company" });
  await company.click();
  await page.getByRole("button", { name: "Found another company" }).click();
  await dialog.getByRole("button", { name: "Found and go there" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Name").fill(`${person.company} Two`);
  await dialog.getByRole("button", { name: "Found and go there" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(company).toContainText(`${person.company} Two`);
  await expect(page.getByRole("heading", { name: "Data", level: 1 }), "it is empty").toBeVisible();
  await page.reload();
  await expect(company, "and one stays there").toContainText(`${person.company} Two`);

  await page.goto("/account");
  const devices = page.getByRole("region", { name: "Where you are signed in" });
  await expect(devices, "the sign-in has moved, too").toContainText(`${person.company} Two`);
  // The page that is just being shown may take the focus, which closes the list.
  const first = page.getByRole("banner").getByText(person.company, { exact: true });
  await expect(async () => {
    if (!(await first.isVisible())) await company.click();
    await first.click({ timeout: 2_000 });
  }).toPass();
  await expect(company).not.toContainText("Two");
  await page.goto("/team");
  await expect(page.getByRole("region", { name: "Team" })).toContainText(person.email);
});

test("one's own name is changed, and shows everywhere", async ({ page }) => {
  await signUp(page, somebody());
  await page.goto("/account");
  const name = page.getByLabel("Your name");
  await name.fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await name.fill("Ada King");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  await expect(page.getByRole("banner").getByText("Ada King")).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Ada King");
  await page.goto("/team");
  await expect(page.getByRole("region", { name: "Team" })).toContainText("Ada King");
});

test("one's own account tells what happened with it, and is filtered by what", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await page.goto("/account");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill("a brand new pass phrase");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await page.reload();
  const log = page.getByRole("region", { name: "Audit" });
  await expect(log.getByRole("row").filter({ hasText: "Auth: change password" })).toContainText("You");

  const what = page.getByLabel("What", { exact: true });
  await what.selectOption("Passwords changed");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/\/account\?action=auth\.change-password$/);
  await expect(log.getByRole("row")).toHaveCount(2); // with the head
  await what.selectOption("Sign-ins ended");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(log).toContainText("Auth: change password");
});

test("a company is deleted by typing its name, and a receipt says when nothing is left", async ({
  page,
  browser,
}) => {
  const person = somebody();
  await signUp(page, person);
  await page.goto("/company");
  await page.getByRole("button", { name: "Delete this company" }).click();
  const dialog = page.getByRole("dialog");
  const sure = dialog.getByRole("button", { name: "Delete everything" });
  await expect(dialog).toContainText("nobody can take it back");
  await expect(sure).toBeDisabled();
  await dialog.getByLabel("Type the company's name").fill(person.company.slice(0, -1));
  await expect(sure).toBeDisabled();
  await dialog.getByLabel("Type the company's name").fill(person.company);
  await sure.click();
  await expect(page).toHaveURL(/\/receipt\/.+\/.+/);
  await expect(page.getByRole("heading", { name: /being deleted|Nothing is left/ })).toBeVisible();
  await expect(page.getByLabel("Address of this receipt")).toHaveValue(page.url());
  await page.reload();
  await expect(page.getByRole("list", { name: "Progress" })).toBeVisible();

  await test.step("whoever has the address reads it, signed in nowhere", async () => {
    const context = await browser.newContext();
    const elsewhere = await context.newPage();
    await elsewhere.goto(page.url());
    await expect(elsewhere.getByRole("list", { name: "Progress" })).toBeVisible();
    await context.close();
  });

  await test.step("it follows by itself to the end", async () => {
    // The real end comes when everything that was under way has run out, which takes longer than a test.
    await page.route("**/v1/offboardings/*", async (route) => {
      const receipt = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...receipt, stage: "finished", finishedAt: receipt.requestedAt, removed: { people: 1 } },
      });
    });
    await expect(page.getByRole("heading", { name: "Nothing is left" })).toBeVisible();
    await page.unroute("**/v1/offboardings/*");
  });

  await test.step("another address is no receipt", async () => {
    await page.goto(`${page.url()}x`);
    await expect(page.getByRole("heading", { name: "There is no such receipt" })).toBeVisible();
  });

  await page.goto("/overview");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
