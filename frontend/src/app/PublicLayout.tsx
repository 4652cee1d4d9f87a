import { Link, NavLink, Outlet } from "react-router";
import { useSession } from "~/api/useSession";
import { isGlobalOwner } from "~/lib/access";
import { ButtonLink } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Logo } from "~/ui/Icon";
import { PlatformNotice } from "./PlatformNotice";
import { paths } from "./paths";
import { ThemeToggle } from "./ThemeToggle";

export function PublicLayout() {
  const { status, session } = useSession();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b border-line bg-paper">
        <div className="mx-auto flex w-full max-w-[1160px] items-center gap-x-1 px-4 py-3 sm:gap-x-2 sm:px-8">
          <Link to={paths.home} className="me-auto flex items-center gap-2.5 sm:me-6">
            <Logo />
            <span className="font-serif text-xl font-medium">Outlay</span>
          </Link>
          <nav aria-label="Main" className="me-auto hidden sm:flex">
            <PublicLink to={paths.howItWorks}>How it works</PublicLink>
            <PublicLink to={paths.contact}>Contact</PublicLink>
          </nav>
          <ThemeToggle />
          {status === "in" ? (
            <ButtonLink to={paths.start} variant="primary">
              {isGlobalOwner(session) ? "Open the platform" : "Open your bills"}
            </ButtonLink>
          ) : (
            <>
              <ButtonLink to={paths.signIn} variant="quiet">
                Sign in
              </ButtonLink>
              <ButtonLink to={paths.signUp} variant="primary">
                Sign up
              </ButtonLink>
            </>
          )}
        </div>
      </header>
      <PlatformNotice width="max-w-[1160px]" />
      <main id="main" tabIndex={-1} className="flex flex-1 flex-col">
        <Outlet />
      </main>
      <footer className="border-t border-line">
        <div className="mx-auto flex max-w-[1160px] flex-wrap items-center gap-x-6 gap-y-2 px-4 py-6 text-[13px] text-ink-3 sm:px-8">
          <span className="me-auto">Outlay. Bills, to the last digit.</span>
          <Link to={paths.howItWorks} className="hover:text-ink hover:underline">
            How it works
          </Link>
          <Link to={paths.contact} className="hover:text-ink hover:underline">
            Contact
          </Link>
        </div>
      </footer>
    </div>
  );
}

function PublicLink({ to, children }: { to: string; children: string }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        cx("rounded-md px-3 py-2 font-medium", isActive ? "text-accent" : "text-ink-2 hover:text-ink")
      }
    >
      {children}
    </NavLink>
  );
}
