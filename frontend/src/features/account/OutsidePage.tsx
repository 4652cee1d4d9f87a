import { useState } from "react";
import { redirect, replace, useLoaderData } from "react-router";
import { restoreSession } from "~/api/session";
import { paths } from "~/app/paths";
import { type Arrival, arrivalOf, type Refusal } from "~/lib/oidc";
import { ButtonLink } from "~/ui/Button";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { OutsideAgain } from "./OutsideSignIn";
import { FoundStep, LinkStep } from "./OutsideSteps";
import { comeBack, inWords, type Outcome, takeAttempt } from "./outside";

const NOTHING: Arrival = { refused: "over", told: null, next: null };

/** What the issuer sent along, between the two addresses of this page. */
let arrived: Arrival | null = null;

/** Takes what the issuer sent along out of the address bar at once, then signs in with it: once. */
export async function loader({ request }: { request: Request }) {
  const { search, searchParams } = new URL(request.url);
  if (search) {
    arrived = arrivalOf(searchParams, takeAttempt());
    return replace(paths.signInCallback);
  }
  const arrival = arrived ?? NOTHING;
  arrived = null;
  // The cookie of whoever was here before must not arrive after the one of this sign-in.
  await restoreSession();
  const outcome = await comeBack(arrival);
  return outcome ?? redirect("code" in arrival ? arrival.attempt.next : paths.start);
}

export const shouldRevalidate = () => false;

export function Component() {
  const [outcome, setOutcome] = useState(useLoaderData() as Outcome);
  if ("refused" in outcome) return <Refused {...outcome} />;
  if ("failure" in outcome) return <Failed {...outcome} />;
  const Step = outcome.step === "link" ? LinkStep : FoundStep;
  const { claim } = outcome;
  return <Step claim={claim} onFailed={(failure) => setOutcome({ failure, next: claim.next })} />;
}

const REFUSALS: Record<Refusal, [title: string, text: string]> = {
  over: [
    "This sign-in is over",
    "It was finished before, was begun in another tab, or the page was loaded again. Nothing was changed.",
  ],
  denied: ["You did not sign in there", "It was broken off at your company's sign-in. Nothing was changed."],
  failed: [
    "Your company's sign-in failed",
    "It sent you back without saying who you are. Try again; if it stays so, tell whoever runs it.",
  ],
};

function Refused({ refused, told, next }: { refused: Refusal; told: string | null; next: string }) {
  const [title, text] = REFUSALS[refused];
  return (
    <NotIn next={next}>
      <Notice tone="warn" role="alert" title={title}>
        {text}
        {refused === "failed" && told && (
          <>
            {" "}
            It answered <code className="font-mono text-xs">{told}</code>.
          </>
        )}
      </Notice>
    </NotIn>
  );
}

function Failed({ failure, next }: { failure: unknown; next: string }) {
  return (
    <NotIn next={next}>
      <ErrorState error={inWords(failure)} />
    </NotIn>
  );
}

function NotIn({ next, children }: { next: string; children: React.ReactNode }) {
  return (
    <AccountCard title="You are not signed in" intro="Your company's sign-in did not lead in here.">
      <div className="grid gap-4">
        {children}
        <OutsideAgain next={next} />
        <ButtonLink
          to={paths.signInThen(next)}
          size="lg"
          className="h-auto! min-h-11 py-2 whitespace-normal!"
        >
          Sign in with address and password
        </ButtonLink>
      </div>
    </AccountCard>
  );
}
