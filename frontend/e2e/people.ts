import { expect, type Page } from "@playwright/test";

export type Person = { name: string; company: string; email: string; password: string };

/** Somebody new each time, so that every run starts with an empty company. */
export function somebody(): Person {
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return {
    name: "Ada Lovelace",
    company: `Engines ${id}`,
    email: `ada.${id}@example.com`,
    password: "correct horse battery staple",
  };
}

/** Signs up in the browser, with the code from the mail. Ends on the first page inside. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await register(page, person);
  await enterCode(page, await mailedCode(person.email));
}

export async function register(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("Company").fill(person.company);
  await page.getByLabel("Work email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
}

export async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Data", level: 1 })).toBeVisible();
}

export async function signIn(page: Page, person: Pick<Person, "email" | "password">): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Work email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/(overview|data|platform\/companies)$/);
}

/** Waits until it is done: a page that is left in the meantime may find the session alive. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
}

/** Uploads a fixture and waits until it is done. Ends on the upload's page. */
export async function uploadFixture(page: Page, file: string): Promise<void> {
  await page.goto("/data");
  await page.getByLabel("Upload a bill").and(page.locator("input")).setInputFiles(`e2e/fixtures/${file}`);
  await expect(page.getByRole("heading", { name: file, level: 1 })).toBeVisible();
}

export async function expectDone(page: Page): Promise<void> {
  await expect(page.getByRole("link", { name: "See the Overview" })).toBeVisible({ timeout: 60_000 });
}

/** What the newest mail to an address carries, once it came. `not` is what an older mail carried. */
export async function mailed(email: string, what: RegExp, not?: string): Promise<string> {
  const mailbox = process.env.OUTLAY_MAILBOX;
  if (!mailbox) throw new Error("OUTLAY_MAILBOX must name the address where sent mail is read as JSON");
  let found: string | undefined;
  await expect
    .poll(
      async () => {
        const mails = mailsTo(email, await (await fetch(mailbox)).json());
        found = mails.map((mail) => what.exec(mail)?.[0]).findLast((text) => text && text !== not);
        return found;
      },
      { timeout: 30_000, message: `a mail with ${what} for ${email}` },
    )
    .toBeDefined();
  return found as string;
}

export const mailedCode = (email: string, not?: string) =>
  mailed(email, /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/, not);

/** The texts of all mails to an address, oldest first, wherever in the mailbox's answer they are. */
function mailsTo(email: string, node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap((part) => mailsTo(email, part));
  if (typeof node !== "object" || node === null) return [];
  const mail = node as { To?: unknown; BodyText?: unknown };
  if (Array.isArray(mail.To)) return mail.To.includes(email) ? [String(mail.BodyText)] : [];
  return Object.values(node).flatMap((part) => mailsTo(email, part));
}
