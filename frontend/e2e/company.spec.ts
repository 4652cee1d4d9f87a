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

test("the company's name is changed, and shows everywhere", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  await page.goto("/company");
  await expect(page.getByText("What it uses")).toBeVisible();
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
