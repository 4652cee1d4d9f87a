import { Navigate, NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { api } from "~/api/client";
import { signedOut } from "~/api/session";
import type { Session } from "~/api/types";
import { useSession } from "~/api/useSession";
import { cx } from "~/ui/cx";
import { Icon, type IconName, Logo } from "~/ui/Icon";
import { paths } from "./paths";
import { SampleBanner } from "./SampleBanner";
import { ThemeToggle } from "./ThemeToggle";

const PAGES: { to: string; label: string; icon: IconName }[] = [
  { to: paths.overview, label: "Overview", icon: "overview" },
  { to: paths.explore, label: "Explorer", icon: "explore" },
  { to: paths.data, label: "Data", icon: "data" },
];

/** The signed-in frame. Whoever is not signed in goes to sign in, and comes back here after. */
export function Shell() {
  const { status, session } = useSession();
  const { pathname, search } = useLocation();
  if (status !== "in" || !session) return <Navigate to={paths.signInThen(pathname + search)} replace />;
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[224px_minmax(0,1fr)]">
      <Sidebar session={session} />
      <main
        id="main"
        tabIndex={-1}
        className="min-w-0 pb-16 lg:border-s-3 lg:border-double lg:border-margin lg:pb-0"
      >
        <SampleBanner />
        <Outlet />
      </main>
    </div>
  );
}

function Sidebar({ session }: { session: Session }) {
  return (
    <header className="z-30 flex items-center gap-2 border-b border-line bg-paper px-4 py-2 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:border-0 lg:px-3 lg:py-5">
      <NavLink to={paths.overview} className="flex items-center gap-2.5 px-1 lg:mb-6 lg:px-2">
        <Logo />
        <span className="font-serif text-xl font-medium">Outlay</span>
      </NavLink>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface lg:static lg:border-0 lg:bg-transparent"
      >
        <ul className="flex lg:flex-col lg:gap-0.5">
          {PAGES.map((page) => (
            <li key={page.to} className="flex-1">
              <NavLink
                to={page.to}
                className={({ isActive }) =>
                  cx(
                    "flex flex-col items-center gap-1 px-3 py-2 text-xs font-medium lg:flex-row lg:gap-3 lg:rounded-md lg:text-sm",
                    isActive
                      ? "text-accent lg:bg-accent-soft"
                      : "text-ink-2 hover:text-ink lg:hover:bg-sunken",
                  )
                }
              >
                <Icon name={page.icon} className="size-4.5" />
                {page.label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Account session={session} />
    </header>
  );
}

function Account({ session }: { session: Session }) {
  const navigate = useNavigate();
  const signOut = async () => {
    // The cookie is the server's to clear; whatever it answers, this browser forgets.
    await api.POST("/v1/auth/logout").catch(() => undefined);
    await navigate(paths.home);
    signedOut();
  };
  return (
    <div className="ms-auto flex items-center gap-1 lg:ms-0 lg:mt-auto lg:block lg:border-t lg:border-line lg:pt-4">
      <div className="hidden min-w-0 px-2 pb-2 lg:block">
        <p className="truncate font-medium" title={session.tenant.name}>
          {session.tenant.name}
        </p>
        <p className="truncate text-[13px] text-ink-3" title={session.user.email}>
          {session.user.email}
        </p>
      </div>
      <div className="flex items-center gap-1">
        <button
          type="button"
          onClick={signOut}
          className="h-9 rounded-md px-2 font-medium text-ink-2 hover:bg-sunken hover:text-ink lg:flex-1 lg:text-start"
        >
          Sign out
        </button>
        <ThemeToggle />
      </div>
    </div>
  );
}
