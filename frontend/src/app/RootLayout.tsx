import { useEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import { Logo } from "~/ui/Icon";

export function RootLayout() {
  useFocusOnNavigation();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:rounded-md focus:bg-accent-fill focus:px-4 focus:py-2 focus:text-on-accent"
      >
        Skip to content
      </a>
      <NavigationBar />
      <Outlet />
      <ScrollRestoration getKey={(location) => location.pathname} />
    </>
  );
}

/** Shown for the moment until the session and the first page are there. */
export function Splash() {
  return (
    <div role="status" className="grid min-h-dvh place-items-center">
      <Logo className="size-10 animate-pulse" />
      <span className="sr-only">Loading Outlay</span>
    </div>
  );
}

/** A new page is announced by moving the focus to its heading; a changed query is not a new page. */
function useFocusOnNavigation(): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [pathname]);
}

function NavigationBar() {
  const busy = useNavigation().state !== "idle";
  return (
    <div
      aria-hidden="true"
      className={`fixed inset-x-0 top-0 z-40 h-0.5 origin-left bg-accent-fill transition-transform duration-500 ${
        busy ? "scale-x-75" : "scale-x-0"
      }`}
    />
  );
}
