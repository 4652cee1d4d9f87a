import type { RouteObject } from "react-router";
import { restoreSession } from "~/api/session";
import { NotFound } from "./NotFound";
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
              { path: paths.signUp, lazy: () => import("~/features/account/SignUpPage") },
              { path: paths.verify, lazy: () => import("~/features/account/VerifyPage") },
              { path: "*", Component: NotFound },
            ],
          },
        ],
      },
      {
        Component: Shell,
        loader: async () => {
          await restoreSession();
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
            ],
          },
        ],
      },
    ],
  },
];
