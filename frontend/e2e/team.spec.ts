import { expect, type Page, test } from "@playwright/test";
import { mailed, type Person, signUp, somebody } from "./people";

const NAVIGATION = { name: "Main" } as const;

test("somebody new is invited, joins as a viewer, and becomes a member", async ({ page, browser }) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Viewer");

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await fillIn(theirs, guest, await mailed(guest.email, /\binv_\S+/));
  await expect(theirs.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();

  await test.step("a viewer is offered nothing to administer or change with", async () => {
    const navigation = theirs.getByRole("navigation", NAVIGATION);
    await expect(navigation.getByRole("link", { name: "Team" })).toBeVisible();
    await expect(navigation.getByRole("link", { name: "Audit" })).toHaveCount(0);
    await expect(navigation.getByRole("link", { name: "API tokens" })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: "Upload a bill" })).toHaveCount(0);
    await theirs.goto("/team");
    await expect(theirs.getByText("Grace Hopper").first()).toBeVisible();
    await expect(theirs.getByRole("button", { name: "Invite somebody" })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: /^Change role/ })).toHaveCount(0);
    await theirs.goto("/company");
    await expect(theirs.getByRole("heading", { name: "What it uses" })).toBeVisible();
    await expect(theirs.getByRole("button", { name: "Delete this company" })).toHaveCount(0);
    await theirs.goto("/tokens");
    await expect(theirs.getByRole("heading", { name: "Not for your role" })).toBeVisible();
  });

  await test.step("an owner sees them in the team, and gives another role", async () => {
    await page.reload();
    const team = page.getByRole("region", { name: "Team" });
    const row = team.getByRole("row").filter({ hasText: guest.email });
    await expect(row).toContainText("Viewer");
    await row.getByRole("button", { name: "Change role of Grace Hopper" }).click();
    await page
      .getByRole("dialog")
      .getByRole("radio", { name: /^Member/ })
      .check();
    await page.getByRole("dialog").getByRole("button", { name: "Change role" }).click();
    await expect(row).toContainText("Member");
  });

  await test.step("an owner takes them out", async () => {
    await page.getByRole("button", { name: "Remove Grace Hopper" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText(guest.email)).toHaveCount(0);
  });
  await context.close();
});

test("somebody with a company joins another one, and goes back and forth", async ({ page, browser }) => {
  const host = somebody();
  await signUp(page, host);
  const guest = somebody();
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await signUp(theirs, guest);
  await invite(page, guest.email, "Admin");

  await theirs.goto(`/join#${await mailed(guest.email, /\binv_\S+/)}`);
  await expect(theirs.getByText(guest.email)).toBeVisible();
  await theirs.getByRole("button", { name: "Accept and go there" }).click();
  const company = theirs.getByRole("button", { name: /^Switch company/ });
  await expect(company).toContainText(host.company);
  // The page that is just being shown may take the focus, which closes the list.
  const own = theirs.getByRole("button", { name: new RegExp(`^${guest.company}`) });
  await expect(async () => {
    if (!(await own.isVisible())) await company.click();
    await own.click({ timeout: 2_000 });
  }).toPass();
  await expect(company).toContainText(guest.company);
  await theirs.reload();
  await expect(company, "and stays there").toContainText(guest.company);
  await context.close();
});

test("an invitation is sent again, and only the new mail opens the company", async ({ page, browser }) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Member");
  const first = await mailed(guest.email, /\binv_\S+/);
  await expect(page.getByRole("region", { name: "Open invitations" })).toContainText("in 6 days");
  await page.getByRole("button", { name: `Send again to ${guest.email}` }).click();
  await expect(page.getByText(`Sent again to ${guest.email}`)).toBeVisible();
  await expect(page.getByRole("region", { name: "Open invitations" }).getByRole("row")).toHaveCount(2); // with the head
  const second = await mailed(guest.email, /\binv_\S+/, first);

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await fillIn(theirs, guest, first);
  await expect(theirs.getByText("The invitation does not work")).toBeVisible();
  await fillIn(theirs, guest, second);
  await expect(theirs.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();
  await context.close();
});

test("an owner renames somebody, sees what token they made, and deletes their account", async ({
  page,
  browser,
}) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Admin");
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await fillIn(theirs, guest, await mailed(guest.email, /\binv_\S+/));
  await expect(theirs.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();
  await theirs.goto("/tokens");
  await theirs.getByRole("button", { name: "Make a token" }).click();
  await theirs.getByLabel("What is it for?").fill("Compiler");
  await theirs.getByRole("button", { name: "Make token" }).click();
  await theirs.getByRole("button", { name: "I have it" }).click();
  await expect(theirs.getByRole("region", { name: "API tokens" })).toContainText("made by you");

  const dialog = page.getByRole("dialog");
  const team = page.getByRole("region", { name: "Team" });
  await test.step("renames them, for everybody here", async () => {
    await page.goto("/team");
    await expect(page.getByRole("button", { name: /^Delete account of Ada/ })).toHaveCount(0);
    await page.getByRole("button", { name: "Rename Grace Hopper" }).click();
    await expect(dialog.getByRole("button", { name: "Rename" }), "nothing to do yet").toBeDisabled();
    const name = dialog.getByLabel("Name");
    await expect(name).not.toHaveAttribute("aria-busy");
    await name.fill("");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await name.fill("Amazing Grace");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(team).toContainText("Amazing Grace");
    await page.goto("/tokens");
    await expect(page.getByRole("region", { name: "API tokens" })).toContainText("made by Amazing Grace");
  });

  await test.step("not over what somebody else changed meanwhile", async () => {
    await page.goto("/team");
    await page.getByRole("button", { name: "Rename Amazing Grace" }).click();
    const name = dialog.getByLabel("Name");
    await expect(name).not.toHaveAttribute("aria-busy");
    await name.fill("Grace");
    const elsewhere = await page.context().newPage();
    await elsewhere.goto("/team");
    await elsewhere.getByRole("button", { name: "Suspend Amazing Grace" }).click();
    await elsewhere.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
    await expect(elsewhere.getByRole("dialog")).toHaveCount(0);
    await elsewhere.close();
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect(dialog.getByRole("alert")).toContainText("changed since you read it");
    await dialog.getByRole("button", { name: "Read it again" }).click();
    await expect(dialog.getByRole("alert")).toHaveCount(0);
    await name.fill("Grace");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step("deletes the account, which opens nothing from then on", async () => {
    await page.getByRole("button", { name: "Delete account of Grace" }).click();
    await expect(dialog).toContainText("cannot be undone");
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await expect(team.getByText(guest.email)).toHaveCount(0);
    await theirs.goto("/sign-in");
    await theirs.getByLabel("Work email").fill(guest.email);
    await theirs.getByLabel("Password").fill(guest.password);
    await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(theirs.getByRole("alert")).toBeVisible();
  });
  await context.close();
});

test("an invitation that was revoked opens nothing", async ({ page, browser }) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Member");
  const token = await mailed(guest.email, /\binv_\S+/);
  await page.getByRole("button", { name: `Revoke the invitation of ${guest.email}` }).click();
  await expect(page.getByText(guest.email)).toHaveCount(0);

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await fillIn(theirs, guest, token);
  await expect(theirs.getByText("The invitation does not work")).toBeVisible();
  await context.close();
});

test("the last owner cannot leave", async ({ page }) => {
  await signUp(page, somebody());
  await page.goto("/account");
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
});

/** Accepts an invitation with a new account. */
async function fillIn(page: Page, guest: Person, token: string): Promise<void> {
  await page.goto(`/join#${token}`);
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByLabel("Password").fill(guest.password);
  await page.getByRole("button", { name: "Create account and join" }).click();
}

async function invite(page: Page, email: string, role: string): Promise<void> {
  await page.goto("/team");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Open invitations" })).toContainText(email);
}
