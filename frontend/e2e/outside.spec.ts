import { expect, type Page, test } from "@playwright/test";
import { expectClean } from "./clean";
import { goOutside, outsider } from "./outsiders";
import { signOut, signUp, somebody } from "./people";

const inside = (page: Page) => page.getByRole("heading", { name: "Data", level: 1 });

test("somebody new founds a company from outside, and comes back without a question", async ({ page }) => {
  const olga = await outsider();
  await page.goto("/sign-up");
  await goOutside(page, olga);
  await expect(page.getByRole("heading", { name: "Found your company" })).toBeVisible();
  await expect(page.getByText(olga.email)).toBeVisible();
  await expect(page, "code and state leave the address bar").toHaveURL(/\/sign-in\/callback$/);
  await expectClean(page, "founding from outside");

  await page.getByRole("button", { name: "Found and sign in" }).click();
  await expect(page.getByLabel("Company")).toHaveAttribute("aria-invalid", "true");
  const { company } = somebody();
  await page.getByLabel("Company").fill(company);
  await page.getByRole("button", { name: "Found and sign in" }).click();
  await expect(inside(page)).toBeVisible();
  await expect(page.getByRole("banner").getByText(company)).toBeVisible();
  await expect(page.getByRole("banner").getByText("Olga Outside")).toBeVisible();
  await page.reload();
  await expect(inside(page), "the session is one like any other").toBeVisible();

  await signOut(page);
  await page.goto("/explore?groupBy=RegionId");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await goOutside(page, olga);
  await expect(page, "to where one wanted to go").toHaveURL(/\/explore\?groupBy=RegionId$/);
});

test("an address that has an account is linked by its password, once", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await signOut(page);
  const olga = await outsider({ email: person.email });

  await page.goto("/sign-in");
  await goOutside(page, olga);
  await expect(page.getByRole("heading", { name: "Link your account" })).toBeVisible();
  await expectClean(page, "linking from outside");
  await page.getByRole("button", { name: "Link and sign in" }).click();
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Password").fill(olga.password);
  await page.getByRole("button", { name: "Link and sign in" }).click();
  await expect(page.getByRole("alert"), "the password of the other side is not it").toBeVisible();
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Link and sign in" }).click();
  await expect(inside(page)).toBeVisible();
  await expect(page.getByRole("banner").getByText(person.company)).toBeVisible();

  await signOut(page);
  await page.goto("/sign-in");
  await goOutside(page, olga);
  await expect(inside(page)).toBeVisible();

  await page.goto("/account");
  const linked = page.getByRole("region", { name: "Signing in from outside" });
  await expect(linked.getByRole("row")).toHaveCount(2);
  await expectClean(page, "an account with a sign-in from outside");
  await linked.getByRole("button", { name: /^Unlink/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
  await expect(linked).toHaveCount(0);
  await expect(page.getByText("Nothing is linked.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("region", { name: "Audit" })).toContainText(/unlink/i);
  await signOut(page);
  await page.goto("/sign-in");
  await goOutside(page, olga);
  await expect(page.getByRole("heading", { name: "Link your account" })).toBeVisible();
});

test("an address that is not proved leads nowhere, and says so", async ({ page }) => {
  await page.goto("/sign-in");
  await goOutside(page, await outsider({ proved: false }));
  await expect(page.getByRole("alert")).toContainText("Your address is not proved");
  await expect(page.getByRole("button", { name: "Try your company's sign-in again" })).toBeVisible();
  await expectClean(page, "not in");
  await page.getByRole("link", { name: "Sign in with address and password" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a way back serves once, in the tab that it was begun in", async ({ page }) => {
  const over = page.getByRole("alert").filter({ hasText: "This sign-in is over" });
  await test.step("what nobody asked for is not taken", async () => {
    await page.goto("/sign-in/callback?code=x&state=y");
    await expect(over).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in\/callback$/);
    await page.goto("/sign-in/callback");
    await expect(over).toBeVisible();
  });

  await test.step("the same answer again is over", async () => {
    const answers: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/sign-in/callback?")) answers.push(request.url());
    });
    await page.goto("/sign-in");
    await goOutside(page, await outsider());
    await expect(page.getByRole("heading", { name: "Found your company" })).toBeVisible();
    await page.goto(answers.at(-1) ?? "");
    await expect(over).toBeVisible();
  });
});

test("what goes wrong at the issuer is told, with a way on", async ({ page }) => {
  await test.step("broken off there", async () => {
    await page.route("**/oauth2/authorize?*", (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const back = `${asked.get("redirect_uri")}?error=access_denied&state=${asked.get("state")}`;
      return route.fulfill({ status: 302, headers: { location: back } });
    });
    await page.goto("/sign-in");
    await page.getByRole("button", { name: /your company's sign-in/ }).click();
    await expect(page.getByRole("alert")).toContainText("You did not sign in there");
    await page.unroute("**/oauth2/authorize?*");
  });

  const olga = await outsider();
  await test.step("refused", async () => {
    await page.route("**/oauth2/token", (route) =>
      route.fulfill({
        status: 400,
        headers: { "access-control-allow-origin": "*" },
        json: { error: "invalid_grant" },
      }),
    );
    await goOutside(page, olga);
    await expect(page.getByRole("alert")).toContainText("did not say who you are");
    await expect(page.getByRole("alert")).toContainText("invalid_grant");
    await page.unroute("**/oauth2/token");
  });

  await test.step("and again, it works", async () => {
    await goOutside(page, olga);
    await expect(page.getByRole("heading", { name: "Found your company" })).toBeVisible();
  });
});

test("where nobody signs in from outside, nothing is offered", async ({ page }) => {
  await page.route("**/v1/auth/oidc", (route) => route.fulfill({ json: { provider: null } }));
  for (const path of ["/sign-in", "/sign-up", "/sign-in/callback"]) {
    const asked = page.waitForResponse("**/v1/auth/oidc");
    await page.goto(path);
    await asked;
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("button", { name: /your company's sign-in/ })).toHaveCount(0);
  }
});
