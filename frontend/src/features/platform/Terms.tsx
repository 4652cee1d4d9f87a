import { useState } from "react";
import type { CompanyDetail } from "~/api/types";
import { Button } from "~/ui/Button";
import { Panel } from "~/ui/Page";
import { TermsDialog } from "./TermsDialog";
import { limitsText, profileOf } from "./terms";

/** What is agreed with a company. */
export function Terms({ company, etag }: { company: CompanyDetail; etag: string }) {
  const [changing, setChanging] = useState(false);
  const profile = profileOf(company.terms);
  return (
    <Panel
      title="Terms"
      className="mb-6"
      aside={
        company.standing !== "ending" && (
          <Button size="sm" onClick={() => setChanging(true)}>
            Change terms
          </Button>
        )
      }
    >
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[180px_minmax(0,1fr)]">
        <dt className="text-ink-3">Profile</dt>
        <dd>
          <span className="font-medium">{profile?.label ?? company.terms.profile}</span>
          <span className="block text-[13px] text-ink-3">{profile?.note}</span>
        </dd>
        <dt className="text-ink-3">Requests in a minute</dt>
        <dd>{limitsText(company.terms)}</dd>
      </dl>
      {changing && <TermsDialog company={company} etag={etag} onClose={() => setChanging(false)} />}
    </Panel>
  );
}
