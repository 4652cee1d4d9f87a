import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { endSession, useAccount, useMay } from "~/api/account";
import { signedOut } from "~/api/session";
import type { Session } from "~/api/types";
import { useSession } from "~/api/useSession";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Disclosure, disclosureItemClass } from "~/ui/Disclosure";
import { FormDialog } from "~/ui/FormDialog";
import { Icon, Logo } from "~/ui/Icon";
import { CompanySwitch } from "./CompanySwitch";
import { type NavGroup, type NavPage, navigationOf } from "./navigation";
import { PlatformNotice } from "./PlatformNotice";
import { paths } from "./paths";
import { SampleBanner } from "./SampleBanner";
import { ThemeToggle } from "./ThemeToggle";

/** The signed-in frame. Whoever is not signed in goes to sign in, and comes back here after. */
export function Shell() {
  const { status, session } = useSession();
  const { pathname, search } = useLocation();
  const seesUploads = useMay("uploads:read");
  if (status !== "in" || !session) return <Navigate to={paths.signInThen(pathname + search)} replace />;
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[224px_minmax(0,1fr)]">
      <Sidebar session={session} />
      <main
        id="main"
        tabIndex={-1}
        className="min-w-0 pb-16 lg:border-s-3 lg:border-double lg:border-margin lg:pb-0"
      >
        <PlatformNotice />
        {seesUploads && <SampleBanner />}
        {/* Another company is another page: nothing on it may be left from the one before. */}
        <Outlet key={session.tenant?.id} />
      </main>
    </div>
  );
}

function Sidebar({ session }: { session: Session }) {
  const leaving = useSignOut();
  const signOut = () => leaving.mutate();
  return (
    <header className="z-30 flex items-center gap-2 border-b border-line bg-paper px-4 py-2 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-0 lg:border-0 lg:px-3 lg:py-5">
      <NavLink to={paths.start} className="flex items-center gap-2.5 px-1 lg:mb-4 lg:px-2">
        <Logo />
        <span className="font-serif text-xl font-medium max-lg:sr-only">Outlay</span>
      </NavLink>
      <div className="min-w-0 flex-1 lg:mb-5 lg:flex-none">
        <CompanySwitch session={session} />
      </div>
      <Navigation signOut={signOut} />
      <div className="hidden lg:mt-auto lg:block lg:border-t lg:border-line lg:pt-3">
        <NavLink
          to={paths.account}
          className={({ isActive }) =>
            cx("block min-w-0 rounded-md px-2 py-1.5", isActive ? "bg-accent-soft" : "hover:bg-sunken")
          }
        >
          <span className="block truncate font-medium">{session.user.name}</span>
          <span className="block truncate text-[13px] text-ink-3" title={session.user.email}>
            {session.user.email}
          </span>
        </NavLink>
        <div className="mt-1 flex items-center gap-1">
          <button
            type="button"
            onClick={signOut}
            className="h-9 flex-1 rounded-md px-2 text-start font-medium text-ink-2 hover:bg-sunken hover:text-ink"
          >
            Sign out
          </button>
          <ThemeToggle />
        </div>
      </div>
      <div className="lg:hidden">
        <ThemeToggle />
      </div>
      <FormDialog
        open={leaving.isRefused}
        onClose={leaving.forget}
        title="You are still signed in"
        action={["Sign out", "Signing out…"]}
        busy={leaving.isPending}
        error={leaving.error}
        onSubmit={signOut}
      >
        <p>You could not be signed out. Whoever uses this browser next goes on as you.</p>
      </FormDialog>
    </header>
  );
}

/** Pages on the bottom bar of a phone, beside "More". */
const ON_THE_BAR = 3;

function Navigation({ signOut }: { signOut: () => void }) {
  const account = useAccount();
  const groups = account.data ? navigationOf(account.data) : [];
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface lg:static lg:min-h-0 lg:overflow-y-auto lg:border-0 lg:bg-transparent"
    >
      {account.isPending && <NavigationBones />}
      {account.error && (
        <p className="px-3 py-2 text-[13px] text-ink-3">
          The menu did not load.{" "}
          <Button size="sm" onClick={() => account.refetch()}>
            Try again
          </Button>
        </p>
      )}
      <div className="hidden lg:block">
        {groups.map((group) => (
          <SidebarGroup key={group.title} group={group} />
        ))}
      </div>
      <BottomBar pages={groups.flatMap((group) => group.pages)} signOut={signOut} />
    </nav>
  );
}

function SidebarGroup({ group }: { group: NavGroup }) {
  return (
    <div className="mb-4">
      {group.title && <p className="px-3 pb-1 text-xs font-semibold text-ink-3">{group.title}</p>}
      <ul className="grid gap-0.5">
        {group.pages.map((page) => (
          <li key={page.to}>
            <NavLink
              to={page.to}
              className={({ isActive }) =>
                cx(
                  "flex items-center gap-3 rounded-md px-3 py-2 font-medium",
                  isActive ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-sunken hover:text-ink",
                )
              }
            >
              <Icon name={page.icon} className="size-4.5" />
              {page.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

function BottomBar({ pages, signOut }: { pages: NavPage[]; signOut: () => void }) {
  const barItem = "flex w-full flex-col items-center gap-1 px-2 py-2 text-xs font-medium";
  return (
    <ul className="flex lg:hidden">
      {pages.slice(0, ON_THE_BAR).map((page) => (
        <li key={page.to} className="flex-1">
          <NavLink
            to={page.to}
            className={({ isActive }) => cx(barItem, isActive ? "text-accent" : "text-ink-2")}
          >
            <Icon name={page.icon} className="size-4.5" />
            {page.label}
          </NavLink>
        </li>
      ))}
      <li className="flex-1">
        <Disclosure
          label=""
          trigger={
            <>
              <Icon name="more" className="size-4.5" />
              More
            </>
          }
          buttonClass={cx(barItem, "text-ink-2")}
          panelClass="inset-e-2 bottom-full mb-2 w-56"
        >
          {(close) => (
            <ul>
              {pages.slice(ON_THE_BAR).map((page) => (
                <li key={page.to}>
                  <NavLink to={page.to} onClick={close} className={disclosureItemClass}>
                    <Icon name={page.icon} className="size-4.5" />
                    {page.label}
                  </NavLink>
                </li>
              ))}
              <li>
                <NavLink to={paths.account} onClick={close} className={disclosureItemClass}>
                  <Icon name="user" className="size-4.5" />
                  Your account
                </NavLink>
              </li>
              <li className="mt-1 border-t border-line pt-1">
                <button type="button" onClick={signOut} className={disclosureItemClass}>
                  Sign out
                </button>
              </li>
            </ul>
          )}
        </Disclosure>
      </li>
    </ul>
  );
}

function NavigationBones() {
  return (
    <div aria-hidden="true" className="hidden gap-2 px-3 py-2 lg:grid">
      <div className="skeleton h-5" />
      <div className="skeleton h-5" />
      <div className="skeleton h-5" />
    </div>
  );
}

function useSignOut() {
  const navigate = useNavigate();
  const [isRefused, setRefused] = useState(false);
  const ending = useMutation({
    mutationFn: endSession,
    onSuccess: async () => {
      await navigate(paths.home);
      signedOut();
    },
    onError: () => setRefused(true),
  });
  return { ...ending, isRefused, forget: () => setRefused(false) };
}
