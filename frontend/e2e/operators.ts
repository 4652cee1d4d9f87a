import { expect, type Page } from "@playwright/test";
import { somebody } from "./people";
import { asRoot, stack } from "./stack";

export type Operator = { email: string; password: string };

/** A new global owner, by the one-time link that `cargo xtask bootstrap-owner` would print. */
export async function becomeOperator(page: Page): Promise<Operator> {
  const { email, password } = somebody();
  const code = await oneTimeCode(email);
  await page.goto(`/global-owner#email=${encodeURIComponent(email)}&code=${code}`);
  await page.getByLabel("Your name").fill("Olga Operator");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Become a global owner" }).click();
  await expect(page.getByText("You are a global owner")).toBeVisible();
  return { email, password };
}

/** Finds a company in the list, and opens its page. Ends there, with its id. */
export async function openCompany(page: Page, name: string): Promise<string> {
  await page.goto("/platform/companies");
  const find = page.getByRole("form", { name: "Find companies" });
  await expect(async () => {
    // The list follows the company's founding within seconds.
    await find.getByLabel("Find").fill(name);
    await find.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(/search=/);
    await page.reload();
    await expect(page.getByRole("link", { name })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 45_000 });
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  return new URL(page.url()).pathname.split("/").pop() ?? "";
}

async function oneTimeCode(email: string): Promise<string> {
  const url = `${stack().awsEndpoint}/2015-03-31/functions/outlay-local-admin-bootstrap/invocations`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: asRoot("lambda"), "content-type": "application/json" },
    body: JSON.stringify({ email, another: true }),
  });
  const told = await answer.json();
  expect(told.status, JSON.stringify(told)).toBe("invited");
  return told.code;
}
