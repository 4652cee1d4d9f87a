import { expect, test } from "@playwright/test";
import { expectDone, signUp, somebody } from "./people";

test("the sample bill comes in the same way and leaves with one click", async ({ page }) => {
  await signUp(page, somebody());
  await page.getByRole("button", { name: "Load a sample bill" }).click();
  await expectDone(page);
  await page.getByRole("link", { name: "See the Overview" }).click();
  await expect(page.getByTestId("month-to-date")).toBeVisible();
  await expect(page.getByText("You are looking at a sample bill.")).toBeVisible();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page).toHaveURL(/\/data$/);
  await expect(page.getByText("You are looking at a sample bill.")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Load a sample bill" })).toBeVisible();
});

test.describe("the theme", () => {
  test.use({ colorScheme: "dark" });

  test("follows the system, is switched by hand, and stays so", async ({ page }) => {
    await page.goto("/");
    const root = page.locator("html");
    await expect(root).toHaveAttribute("data-theme", "dark");
    await page.getByRole("button", { name: "Use the light theme" }).click();
    await expect(root).toHaveAttribute("data-theme", "light");
    // Read before anything but the head has run: no flash of the other theme.
    await page.reload({ waitUntil: "commit" });
    await expect(root).toHaveAttribute("data-theme", "light");
  });
});

test("an address that does not exist says so and leads back", async ({ page }) => {
  await page.goto("/no-such-page");
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page).toHaveURL(/\/$/);
});

test("somebody else's upload looks like none at all", async ({ page }) => {
  await signUp(page, somebody());
  await page.goto("/data/upl_00000000000000000000000000");
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("pages inside ask to sign in, and come back to where one wanted to go", async ({ page }) => {
  await page.goto("/explore?groupBy=RegionId");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page).toHaveURL(/next=%2Fexplore%3FgroupBy%3DRegionId/);
});

test("the keyboard skips to the content", async ({ page }) => {
  await page.goto("/how-it-works");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("an inquiry is taken, and a mistake in it is named beside its field", async ({ page }) => {
  await page.goto("/contact");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Message").fill("What do our bills say?");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(page.getByText("Your message is with us")).toBeVisible();
});

test("a failing answer names the request and can be tried again", async ({ page }) => {
  await signUp(page, somebody());
  const problem = {
    type: "https://outlay.dev/problems/too-many-requests",
    title: "Too many requests",
    status: 429,
    detail: "Wait a moment.",
    requestId: "req-of-the-test",
  };
  await page.route("**/v1/uploads?*", (route) =>
    route.fulfill({
      status: 400,
      contentType: "application/problem+json",
      json: { ...problem, status: 400 },
    }),
  );
  await page.goto("/data");
  await expect(page.getByText("req-of-the-test").first()).toBeVisible();
  await page.unroute("**/v1/uploads?*");
  // The page asks again by itself too: the button may be gone in the moment of the click.
  await expect(async () => {
    const again = page.getByRole("button", { name: "Try again" });
    if (await again.isVisible()) await again.click({ timeout: 1000 });
    await expect(page.getByText("req-of-the-test")).toHaveCount(0);
  }).toPass();
});
