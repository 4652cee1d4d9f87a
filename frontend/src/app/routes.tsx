import { type RouteObject, redirect } from "react-router";
import { accountQuery } from "~/api/account";
import { prefetch, queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import { NotFound } from "./NotFound";
import { landingOf } from "./navigation";
import { PublicLayout } from "./PublicLayout";
import { paths } from "./paths";
import { RootLayout, Splash } from "./RootLayout";
import { RouteError } from "./RouteError";
import { Shell } from "./Shell";

/** Every page, in the order of its address. Each page's code is a chunk of its own. */
export const routes: RouteObject[] = [
  {
    Component: RootLayout,
    ErrorBoundary: RouteError,
    HydrateFallback: Splash,
    children: [
      {
        Component: PublicLayout,
        children: [
          {
            ErrorBoundary: RouteError,
            children: [
              { path: paths.home, lazy: () => import("~/features/public/HomePage") },
              { path: paths.howItWorks, lazy: () => import("~/features/public/HowItWorksPage") },
              { path: paths.contact, lazy: () => import("~/features/public/ContactPage") },
              { path: paths.signIn, lazy: () => import("~/features/account/SignInPage") },
              { path: paths.signInCallback, lazy: () => import("~/features/account/OutsidePage") },
              { path: paths.signUp, lazy: () => import("~/features/account/SignUpPage") },
              { path: paths.verify, lazy: () => import("~/features/account/VerifyPage") },
              { path: paths.forgotPassword, lazy: () => import("~/features/account/ForgotPasswordPage") },
              { path: paths.resetPassword, lazy: () => import("~/features/account/ResetPasswordPage") },
              { path: paths.join, lazy: () => import("~/features/account/JoinPage") },
              { path: paths.becomeOwner, lazy: () => import("~/features/account/BecomeOwnerPage") },
              { path: "/receipt/:company/:secret", lazy: () => import("~/features/company/ReceiptPage") },
              { path: paths.start, loader: startLoader, Component: Splash },
              { path: "*", Component: NotFound },
            ],
          },
        ],
      },
      {
        Component: Shell,
        loader: async () => {
          await prefetch(accountQuery());
          return null;
        },
        shouldRevalidate: () => false,
        children: [
          {
            ErrorBoundary: RouteError,
            children: [
              { path: paths.overview, lazy: () => import("~/features/overview/OverviewPage") },
              { path: paths.explore, lazy: () => import("~/features/explorer/ExplorerPage") },
              { path: paths.data, lazy: () => import("~/features/data/DataPage") },
              { path: `${paths.data}/:uploadId`, lazy: () => import("~/features/data/UploadPage") },
              { path: paths.account, lazy: () => import("~/features/me/AccountPage") },
              { path: paths.team, lazy: () => import("~/features/company/TeamPage") },
              { path: paths.tokens, lazy: () => import("~/features/company/TokensPage") },
              { path: paths.audit, lazy: () => import("~/features/company/AuditPage") },
              { path: paths.company, lazy: () => import("~/features/company/CompanyPage") },
              { path: paths.admin, loader: () => redirect(paths.companies) },
              { path: paths.companies, lazy: () => import("~/features/platform/CompaniesPage") },
              { path: `${paths.companies}/:tenantId`, lazy: () => import("~/features/platform/CompanyPage") },
              { path: paths.users, lazy: () => import("~/features/platform/UsersPage") },
              { path: `${paths.users}/:userId`, lazy: () => import("~/features/platform/UserPage") },
              { path: paths.health, lazy: () => import("~/features/platform/HealthPage") },
              { path: paths.schedules, lazy: () => import("~/features/platform/SchedulesPage") },
              { path: paths.logs, lazy: () => import("~/features/platform/LogsPage") },
              { path: paths.platformAudit, lazy: () => import("~/features/platform/AuditPage") },
              { path: paths.platform, lazy: () => import("~/features/platform/SettingsPage") },
            ],
          },
        ],
      },
    ],
  },
];

/** Where somebody begins: on the page that the API names, or with signing in. */
async function startLoader() {
  if (!(await restoreSession())) return redirect(paths.signIn);
  return redirect(landingOf(await queryClient.ensureQueryData(accountQuery())));
}
