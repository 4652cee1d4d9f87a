import { expect, type Page, test } from "@playwright/test";
import { mailed, signUp, somebody } from "./people";

const NAVIGATION = { name: "Main" } as const;

test("somebody new is invited, joins as a viewer, and becomes a member", async ({ page, browser }) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Viewer");

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.goto(`/join#${await mailed(guest.email, /\binv_\S+/)}`);
  await theirs.getByLabel("Your name").fill("Grace Hopper");
  await theirs.getByLabel("Password").fill(guest.password);
  await theirs.getByRole("button", { name: "Create account and join" }).click();
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
    await expect(theirs.getByText("What it uses")).toBeVisible();
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

test("an invitation that was revoked opens nothing", async ({ page, browser }) => {
  await signUp(page, somebody());
  const guest = somebody();
  await invite(page, guest.email, "Member");
  const token = await mailed(guest.email, /\binv_\S+/);
  await page.getByRole("button", { name: `Revoke the invitation of ${guest.email}` }).click();
  await expect(page.getByText(guest.email)).toHaveCount(0);

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.goto(`/join#${token}`);
  await theirs.getByLabel("Your name").fill("Grace Hopper");
  await theirs.getByLabel("Password").fill(guest.password);
  await theirs.getByRole("button", { name: "Create account and join" }).click();
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
