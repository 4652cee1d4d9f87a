import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { paths } from "~/app/paths";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { type Claim, exchange, isStillGood } from "./outside";

type Props = { claim: Claim; onFailed: (failure: unknown) => void };

/** The address has an account: its password says, once, that both are one person. */
export function LinkStep({ claim, onFailed }: Props) {
  const { form, failure, submit } = useStep<{ password: string }>(claim, ["password"], onFailed);
  const { errors, isSubmitting } = form.formState;
  return (
    <AccountCard
      title="Link your account"
      intro={
        <>
          <Address of={claim} /> has an account here. Give its password this once, and your company's sign-in
          opens it from then on.
        </>
      }
      below={
        <p>
          Forgot the password?{" "}
          <Link to={paths.forgotPassword} className="font-medium text-accent underline">
            Choose a new one
          </Link>
          , then come back with it.
        </p>
      }
    >
      <form noValidate onSubmit={submit} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        {/* For password managers: whose password this is. */}
        <input type="hidden" autoComplete="username" value={claim.email ?? ""} />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          hint="The one of your account here, not of your company's sign-in."
          error={errors.password?.message}
          {...form.register("password", { required: "Enter your password." })}
        />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Linking…" : "Link and sign in"}
        </Button>
      </form>
    </AccountCard>
  );
}

/** Nobody is known by this identity or this address: a company comes to be, and its first person. */
export function FoundStep({ claim, onFailed }: Props) {
  const { form, failure, submit } = useStep<{ company: string }>(claim, ["company"], onFailed);
  const { errors, isSubmitting } = form.formState;
  return (
    <AccountCard
      title="Found your company"
      intro={
        <>
          Nobody signed up as <Address of={claim} /> yet. Name your company, and you are its owner.
        </>
      }
      below={
        <div className="grid gap-2">
          <p>
            Were you invited?{" "}
            <Link to={paths.join} className="font-medium text-accent underline">
              Accept the invitation
            </Link>{" "}
            first, then come back.
          </p>
          <p>
            Is your account at another address?{" "}
            <Link to={paths.signInThen(claim.next)} className="font-medium text-accent underline">
              Sign in with its password
            </Link>
          </p>
        </div>
      }
    >
      <form noValidate onSubmit={submit} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        <TextField
          label="Company"
          autoComplete="organization"
          maxLength={100}
          error={errors.company?.message}
          {...form.register("company", { required: "Enter your company's name." })}
        />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Founding…" : "Found and sign in"}
        </Button>
      </form>
    </AccountCard>
  );
}

function Address({ of: { email } }: { of: Claim }) {
  return <strong className="font-medium break-words text-ink">{email ?? "Your address"}</strong>;
}

/** A form that gives what was missing. What cannot get better in it is told by the page. */
function useStep<Form extends { password: string } | { company: string }>(
  claim: Claim,
  fields: readonly (keyof Form & ("password" | "company"))[],
  onFailed: (failure: unknown) => void,
) {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm<Form>();
  const submit = form.handleSubmit(async (filled) => {
    setFailure(null);
    try {
      await exchange(claim, filled);
      await navigate(claim.next, { replace: true });
    } catch (error) {
      if (!isStillGood(error)) onFailed(error);
      else setFailure(placeErrors(error, fields as never, form.setError));
    }
  });
  return { form, failure, submit };
}
