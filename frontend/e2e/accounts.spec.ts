import { expect, test } from "@playwright/test";
import { enterCode, mailed, mailedCode, register, signIn, signOut, signUp, somebody } from "./people";

test("another code is mailed on request, and the one before still works", async ({ page }) => {
  const person = somebody();
  await register(page, person);
  const first = await mailedCode(person.email);
  await page.getByRole("button", { name: "Send another code" }).click();
  await expect(page.getByText("Another code is on its way")).toBeVisible();
  await mailedCode(person.email, first);
  await page.getByLabel("Code").fill("0000-0000-0000");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await enterCode(page, first.toLowerCase().replaceAll("-", " "));
});

test("the mailed link brings the code, in the browser that signed up and in no other", async ({
  page,
  browser,
}) => {
  const person = somebody();
  await register(page, person);
  const code = await mailedCode(person.email);
  const elsewhere = await (await browser.newContext()).newPage();
  for (const reader of [elsewhere, page]) {
    await reader.goto(`/verify#${code}`);
    await expect(reader, "the code leaves the address bar").toHaveURL(/\/verify$/);
    await expect(reader.getByLabel("Code")).toHaveValue(code);
    await reader.getByRole("button", { name: "Continue" }).click();
    if (reader === elsewhere)
      await expect(reader.getByText("Nobody signed up in this browser")).toBeVisible();
  }
  await expect(page.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();
  await elsewhere.context().close();
});

test("whoever could not be signed out is told so, and tries again", async ({ page }) => {
  await signUp(page, somebody());
  await page.route("**/v1/auth/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Sign out" }).click();
  const told = page.getByRole("dialog", { name: "You are still signed in" });
  await expect(told.getByText("Outlay cannot be reached")).toBeVisible();
  await page.unroute("**/v1/auth/logout");
  await told.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  await page.goto("/data");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a forgotten password is replaced by mail, and the old one opens nothing", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await signOut(page);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot password?" }).click();
  await page.getByLabel("Work email").fill(person.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByText("Look into your mail")).toBeVisible();

  const token = await mailed(person.email, /\brst_\S+/);
  await page.goto(`/reset-password#${token}`);
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await expect(page, "the token leaves the address bar").toHaveURL(/\/reset-password$/);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("New password").fill("four words are enough here");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();

  await signOut(page);
  await page.goto("/sign-in");
  await page.getByLabel("Work email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await signIn(page, { ...person, password: "four words are enough here" });

  await page.goto(`/reset-password#${token}`);
  await page.getByLabel("New password").fill("the token is good once only");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});

test("a password is changed, and a wrong current one is told", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await page.goto("/account");
  await page.getByLabel("Current password").fill("not my password at all");
  await page.getByLabel("New password").fill("a brand new pass phrase");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The current password is not right")).toBeVisible();
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
});

test("other devices are seen and signed out", async ({ page, browser }) => {
  const person = somebody();
  await signUp(page, person);
  const other = await browser.newContext({ userAgent: "Mozilla/5.0 (X11; Linux) Firefox/140.0" });
  const there = await other.newPage();
  await signIn(there, person);

  await page.goto("/account");
  const devices = page.getByRole("region", { name: "Where you are signed in" });
  await expect(devices.getByRole("row")).toHaveCount(3); // with the head
  await expect(devices.getByText("This device")).toHaveCount(1);
  await devices.getByRole("button", { name: "Sign out Firefox on Linux" }).click();
  await expect(devices.getByRole("row")).toHaveCount(2);
  await there.reload();
  await expect(there.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await signIn(there, person);
  await page.reload();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(devices.getByRole("row")).toHaveCount(2);
  await there.reload();
  await expect(there.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(
    page.getByRole("heading", { name: "Your account", level: 1 }),
    "this device stays",
  ).toBeVisible();
  await other.close();
});
