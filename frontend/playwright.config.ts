import { defineConfig } from "@playwright/test";

/** Runs against a running stack: OUTLAY_WEB_URL says where, OUTLAY_MAILBOX where its mail is read. */
export default defineConfig({
  testDir: "e2e",
  // Every test makes its own people and companies; what is everybody's, such as the notice, is one test's.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.OUTLAY_WEB_URL ?? "http://127.0.0.1:8080",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.OUTLAY_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
