import { expect, type Page } from "@playwright/test";
import { somebody } from "./people";
import { asRoot, stack } from "./stack";

/** Somebody whom the user pool of the stack knows. */
export type Outsider = { email: string; password: string };

export async function outsider({ email = somebody().email, proved = true } = {}): Promise<Outsider> {
  const password = "Passw0rd-of-the-pool!";
  await pool("AdminCreateUser", {
    Username: email,
    MessageAction: "SUPPRESS",
    UserAttributes: [
      { Name: "email", Value: email },
      { Name: "email_verified", Value: String(proved) },
      { Name: "name", Value: "Olga Outside" },
    ],
  });
  await pool("AdminSetUserPassword", { Username: email, Password: password, Permanent: true });
  return { email, password };
}

/** From a page that offers it, through the issuer's own page. Ends wherever that leads. */
export async function goOutside(page: Page, { email, password }: Outsider): Promise<void> {
  await page.getByRole("button", { name: /your company's sign-in/ }).click();
  await page.waitForURL(/\/oauth2\/authorize\?/);
  await page.getByLabel("Username").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A call of the user pool's API, as its operator. */
async function pool(operation: string, body: object): Promise<void> {
  const { awsEndpoint, identityProvider } = stack();
  const answer = await fetch(awsEndpoint, {
    method: "POST",
    headers: {
      authorization: asRoot("cognito-idp"),
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify({ UserPoolId: identityProvider.poolId, ...body }),
  });
  expect(answer.status, `${operation}: ${await answer.text()}`).toBe(200);
}
