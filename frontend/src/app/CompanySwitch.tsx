import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { startSession, useAccount } from "~/api/account";
import { api, call } from "~/api/client";
import type { Session } from "~/api/types";
import { isGlobalOwner } from "~/lib/access";
import { ROLE_LABELS } from "~/lib/labels";
import { cx } from "~/ui/cx";
import { Disclosure, disclosureItemClass } from "~/ui/Disclosure";
import { Icon } from "~/ui/Icon";
import { ErrorState } from "~/ui/States";
import { FoundDialog } from "./FoundDialog";
import { paths } from "./paths";

/** Where one works. Here one goes on in another company, or founds one. */
export function CompanySwitch({ session }: { session: Session }) {
  const companies = useAccount().data?.tenants ?? [];
  const [founding, setFounding] = useState(false);
  if (isGlobalOwner(session) || !session.tenant) return <Here name="Platform" note="Global owner" />;
  return (
    <>
      <Disclosure
        label="Switch company."
        trigger={
          <>
            <Here name={session.tenant.name} note={ROLE_LABELS[session.role] ?? session.role} />
            <Icon name="chevron" className="size-3.5 text-ink-3" />
          </>
        }
        className="min-w-0"
        buttonClass="flex w-full min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface pe-2 text-start hover:bg-sunken"
        panelClass="inset-s-0 top-full mt-1 max-h-[60dvh] w-64 max-w-[80vw] overflow-y-auto"
      >
        {(close) => (
          <>
            <Companies current={session.tenant?.id ?? ""} companies={companies} close={close} />
            <button
              type="button"
              onClick={() => {
                close();
                setFounding(true);
              }}
              className={cx(disclosureItemClass, companies.length > 0 && "mt-1 border-t border-line")}
            >
              <Icon name="plus" className="size-4" />
              Found another company
            </button>
          </>
        )}
      </Disclosure>
      {founding && <FoundDialog onClose={() => setFounding(false)} />}
    </>
  );
}

function Here({ name, note }: { name: string; note: string }) {
  return (
    <span className="block min-w-0 flex-1 px-2 py-1">
      <span className="block truncate font-medium" title={name}>
        {name}
      </span>
      <span className="block truncate text-xs text-ink-3">{note}</span>
    </span>
  );
}

type Seat = { id: string; name: string; role: string };

function Companies({ current, companies, close }: { current: string; companies: Seat[]; close: () => void }) {
  const navigate = useNavigate();
  const go = useMutation({
    mutationFn: (tenantId: string) => call(api.POST("/v1/auth/switch", { body: { tenantId } })),
    onSuccess: async (session) => {
      close();
      startSession(session);
      await navigate(paths.start);
    },
  });
  return (
    <>
      <ul>
        {companies.map((company) => (
          <li key={company.id}>
            <button
              type="button"
              disabled={go.isPending}
              aria-current={company.id === current || undefined}
              onClick={() => (company.id === current ? close() : go.mutate(company.id))}
              className={disclosureItemClass}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate text-ink">{company.name}</span>
                <span className="block text-xs font-normal text-ink-3">
                  {ROLE_LABELS[company.role] ?? company.role}
                </span>
              </span>
              <Icon
                name="check"
                className={cx("size-4 text-accent", company.id !== current && "invisible")}
              />
            </button>
          </li>
        ))}
      </ul>
      {go.error && <ErrorState error={go.error} />}
    </>
  );
}
