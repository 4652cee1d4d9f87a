import { expect, test } from "@playwright/test";
import { signIn } from "./people";

const { UPDATE_SCREENSHOT, OUTLAY_DEMO_EMAIL: email, OUTLAY_DEMO_PASSWORD: password } = process.env;

// Made on demand, of the demo tenant: the picture in the README.
if (UPDATE_SCREENSHOT && email && password) {
  test("the picture in the README", async ({ page }) => {
    await signIn(page, { email, password });
    await expect(page.getByTestId("month-to-date")).toBeVisible();
    await expect(page.locator("figure svg").first()).toBeVisible();
    await page.waitForTimeout(600); // the charts grow in
    await page.screenshot({ path: "../docs/screenshot.png", animations: "disabled" });
  });
}
