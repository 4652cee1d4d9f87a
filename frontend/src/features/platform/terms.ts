import type { CompanyTerms, CompanyTermsChange, Profile } from "~/api/types";
import { displayCount } from "~/lib/money";
import type { Choice } from "~/ui/Choices";

export const PROFILES: Choice<Profile>[] = [
  { value: "full", label: "Full", note: "Everything: bills, figures, API tokens and the audit" },
  {
    value: "analysis",
    label: "Analysis",
    note: "Bills are handed in and looked at; no API tokens and no audit",
  },
  {
    value: "explorer",
    label: "Explorer",
    note: "Bills are looked at, with API tokens and the audit; nobody uploads any",
  },
  {
    value: "intake",
    label: "Intake",
    note: "Bills are handed in, with the audit; no figures and no API tokens",
  },
];

/** Whether a company has limits of its own. */
export type Limits = "everybody" | "own";

export const LIMITS: Choice<Limits>[] = [
  { value: "everybody", label: "As everybody" },
  { value: "own", label: "Its own" },
];

/** The dialog's fields, named as the change names them. */
export type TermsForm = {
  terms: { profile: Profile; limits: { tenantPerMinute: string; userPerMinute: string } };
  limits: Limits;
  reason: string;
};

export function profileOf(terms: CompanyTerms): Choice<Profile> | undefined {
  return PROFILES.find(({ value }) => value === terms.profile);
}

/** "As everybody", or how often it and each of its people may ask. */
export function limitsText({ limits }: CompanyTerms): string {
  if (!limits) return "As everybody";
  const [all, one] = [displayCount(limits.tenantPerMinute), displayCount(limits.userPerMinute)];
  return `${all} of all together, ${one} of one person or program`;
}

export function formOf({ profile, limits }: CompanyTerms, reason = ""): TermsForm {
  const text = (rate: number | undefined) => (rate === undefined ? "" : String(rate));
  return {
    terms: {
      profile,
      limits: { tenantPerMinute: text(limits?.tenantPerMinute), userPerMinute: text(limits?.userPerMinute) },
    },
    limits: limits ? "own" : "everybody",
    reason,
  };
}

export function changeOf({
  terms: { profile, limits: rates },
  limits,
  reason,
}: TermsForm): CompanyTermsChange {
  const own = { tenantPerMinute: Number(rates.tenantPerMinute), userPerMinute: Number(rates.userPerMinute) };
  return { terms: { profile, limits: limits === "own" ? own : null }, reason: reason.trim() };
}

const MOST = 1_000_000;

/** True, or what is wrong with a number of requests. */
export function isRate(text: string): true | string {
  const whole = /^\s*\d{1,7}\s*$/.test(text) ? Number(text) : 0;
  return (whole >= 1 && whole <= MOST) || `Enter a whole number from 1 to ${displayCount(MOST)}.`;
}
