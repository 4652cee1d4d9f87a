import { expect, test } from "@playwright/test";
import { expectDone, signIn, signOut, signUp, somebody, uploadFixture } from "./people";

// Sums over e2e/fixtures/two-months.csv, made with Python's decimal, not with our code.
const SEPTEMBER_EFFECTIVE = "870.21450014547";
const CORRECTED_EFFECTIVE = "900.21450014547"; // every charge of September one dollar more
const BOTH_EFFECTIVE = "1876.470400201537";
const BOTH_BILLED = "1876.4704002016";

const BOTH_MONTHS = "start=2026-08-01&end=2026-10-01&granularity=month";

test("a newcomer signs up, uploads a bill, and finds its exact totals everywhere", async ({
  page,
  context,
}) => {
  const person = somebody();
  await signUp(page, person);

  await test.step("the first page asks for a bill, and shows no empty charts", async () => {
    await expect(page).toHaveURL(/\/data$/);
    await expect(page.getByRole("button", { name: "Upload a bill" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Load a sample bill" })).toBeVisible();
    await expect(page.getByRole("img")).toHaveCount(0);
  });

  await test.step("the upload is watched until it is done, without a reload", async () => {
    await uploadFixture(page, "two-months.csv");
    await expect(page.getByRole("list", { name: "Progress" }).getByRole("listitem")).toHaveCount(5);
    await expectDone(page);
    await expect(page.getByRole("region", { name: "Bills" })).toContainText("Sep 2026");
    await expect(page.getByRole("region", { name: "Bills" })).toContainText("Aug 2026");
  });

  await test.step("the Overview has September's exact total", async () => {
    await page.getByRole("link", { name: "See the Overview" }).click();
    const total = page.getByTestId("month-to-date").locator("data");
    await expect(total).toHaveAttribute("value", digits(SEPTEMBER_EFFECTIVE));
    await expect(total).toHaveText("870.21");
    await expect(page.getByText(/Data as of/).locator("time")).toHaveAttribute("datetime", /^20\d\d-/);
  });

  await test.step("a service leads into the Explorer, filtered", async () => {
    await page
      .getByRole("list", { name: "Top services" })
      .getByRole("link", { name: /AWS Lambda/ })
      .click();
    await expect(page.getByRole("button", { name: "Remove filter Service is AWS Lambda" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  });

  await test.step("the Explorer has both months, and the address keeps them", async () => {
    await page.goto(`/explore?${BOTH_MONTHS}&groupBy=ServiceName`);
    const total = page.getByTestId("explorer-total").locator("data");
    await expect(total).toHaveAttribute("value", digits(BOTH_EFFECTIVE));
    await expect(page.getByTestId("table-total").locator("data")).toHaveAttribute(
      "value",
      digits(BOTH_EFFECTIVE),
    );
    await page.reload();
    await expect(total).toHaveAttribute("value", digits(BOTH_EFFECTIVE));

    await page.getByRole("button", { name: /Cost basis/ }).click();
    await page.getByRole("option", { name: /Billed cost/ }).click();
    await expect(total).toHaveAttribute("value", digits(BOTH_BILLED));
    await expect(page).toHaveURL(/metrics=BilledCost/);

    const other = await context.newPage();
    await other.goto(page.url());
    await expect(other.getByTestId("explorer-total").locator("data")).toHaveAttribute(
      "value",
      digits(BOTH_BILLED),
    );
    await other.close();

    await page.goBack();
    await expect(total).toHaveAttribute("value", digits(BOTH_EFFECTIVE));
  });

  await test.step("sorting is said, and empty answers are told apart from errors", async () => {
    const header = page.getByRole("columnheader", { name: "Service" });
    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", "ascending");
    await page.goto(
      `/explore?${BOTH_MONTHS}&filter=${encodeURIComponent('ServiceName = "No such service"')}`,
    );
    await expect(page.getByText("No costs match this question")).toBeVisible();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect(page.getByTestId("explorer-total")).toBeVisible();
  });

  await test.step("signing out closes everything, signing in opens it again", async () => {
    await signOut(page);
    await page.goto("/overview");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await signIn(page, person);
    await expect(page.getByTestId("month-to-date")).toBeVisible();
  });

  await test.step("deleting the only bill leaves nothing behind", async () => {
    await page.goto("/data");
    await page.getByRole("button", { name: "Delete two-months.csv" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(page.getByRole("button", { name: "Load a sample bill" })).toBeVisible();
    await page.goto("/overview");
    await expect(page).toHaveURL(/\/data$/);
  });
});

test("a broken file is refused with its place, a corrected bill waits for a decision", async ({ page }) => {
  await signUp(page, somebody());
  await uploadFixture(page, "two-months.csv");
  await expectDone(page);

  await uploadFixture(page, "bad-date.csv");
  const refusal = page.getByRole("alert").filter({ hasText: "This file was refused" });
  await expect(refusal).toBeVisible({ timeout: 60_000 });
  await expect(refusal).toContainText("ChargePeriodStart");
  await expect(refusal).toContainText("bad-date.csv");
  await expect(refusal.getByRole("definition").filter({ hasText: /^\d+$/ })).toBeVisible();
  await page.goto("/overview");
  const total = page.getByTestId("month-to-date").locator("data");
  await expect(total).toHaveAttribute("value", digits(SEPTEMBER_EFFECTIVE));

  await uploadFixture(page, "september-corrected.csv");
  const question = page.getByRole("dialog", { name: "You already have this bill" });
  await expect(question).toBeVisible({ timeout: 60_000 });
  await expect(question).toContainText("870.21");
  await expect(question).toContainText("900.21");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Compare and decide" }).click();
  await question.getByRole("button", { name: "Replace it" }).click();
  await expectDone(page);
  await page.goto("/overview");
  await expect(total).toHaveAttribute("value", digits(CORRECTED_EFFECTIVE));
});

/** The value, with or without zeros at its end. */
function digits(decimal: string): RegExp {
  return new RegExp(`^${decimal.replace(".", "\\.")}0*$`);
}
