import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { endSession, startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { ApiError } from "~/api/problem";
import { signedOut } from "~/api/session";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button, ButtonLink } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { forgetInvite, rememberedInvite, rememberInvite } from "./invite";
import { useHashSecret } from "./useHashSecret";

/** Accepts an invitation: with a new account, or with the one that is signed in. */
export function Component() {
  const mailed = useHashSecret();
  const [typed, setTyped] = useState(rememberedInvite);
  const token = mailed || typed;
  const { status, session } = useSession();
  if (!token) return <AskForToken onToken={setTyped} />;
  if (status === "in" && session) return <AsMember token={token} email={session.user.email} />;
  return <AsNewcomer token={token} />;
}

function AskForToken({ onToken }: { onToken: (token: string) => void }) {
  const { register, handleSubmit, formState } = useForm<{ token: string }>();
  return (
    <AccountCard title="Accept an invitation" intro="Open the link in the mail, or enter its token here.">
      <form noValidate className="grid gap-4" onSubmit={handleSubmit(({ token }) => onToken(token.trim()))}>
        <TextField
          label="Token"
          autoComplete="off"
          spellCheck={false}
          className="font-mono text-[13px]"
          hint="From the mail. It begins with inv_."
          error={formState.errors.token?.message}
          {...register("token", { required: "Enter the token from the mail." })}
        />
        <Button type="submit" variant="primary" size="lg">
          Continue
        </Button>
      </form>
    </AccountCard>
  );
}

/** Somebody who is signed in joins one more company, and goes on there. */
function AsMember({ token, email }: { token: string; email: string }) {
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: async () => {
      const { tenantId } = await call(api.POST("/v1/members/invites/accept", { body: { token } }));
      forgetInvite();
      return call(api.POST("/v1/auth/switch", { body: { tenantId } }));
    },
    onSuccess: async (session) => {
      startSession(session);
      await navigate(paths.start);
    },
  });
  const leave = useMutation({ mutationFn: endSession, onSuccess: signedOut });
  const signOutFirst = () => {
    rememberInvite(token);
    leave.mutate();
  };
  const error = leave.error ?? accept.error;
  return (
    <AccountCard
      title="Accept the invitation"
      intro={
        <>
          You are signed in as <strong className="font-medium text-ink">{email}</strong>. The company joins
          the ones that you have.
        </>
      }
      below={
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p>Invited at another address?</p>
          <Button size="sm" busy={leave.isPending} onClick={signOutFirst}>
            Sign out first
          </Button>
        </div>
      }
    >
      <div className="grid gap-4">
        {error && <ErrorState error={error} />}
        <Button variant="primary" size="lg" busy={accept.isPending} onClick={() => accept.mutate()}>
          {accept.isPending ? "Joining…" : "Accept and go there"}
        </Button>
      </div>
    </AccountCard>
  );
}

type Form = { name: string; password: string };

/** Somebody without an account gets one, for the address that was invited. */
function AsNewcomer({ token }: { token: string }) {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;
  const hasAccount = failure instanceof ApiError && failure.slug === "sign-in-to-accept";

  const submit = async ({ name, password }: Form) => {
    setFailure(null);
    try {
      const body = { token, name, password };
      const { email } = await call(api.POST("/v1/members/invites/accept", { body }));
      forgetInvite();
      startSession(await call(api.POST("/v1/auth/login", { body: { email, password } })));
      await navigate(paths.start);
    } catch (error) {
      setFailure(placeErrors(error, ["name", "password"], setError));
    }
  };
  const toSignIn = paths.signInThen(paths.join);
  const keep = () => rememberInvite(token);

  return (
    <AccountCard
      title="Join on Outlay"
      intro="You were invited into a company. Make your account for the invited address."
      below={
        <p>
          Already have an account?{" "}
          <Link to={toSignIn} onClick={keep} className="font-medium text-accent underline">
            Sign in to accept
          </Link>
        </p>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {hasAccount ? (
          <Notice
            tone="info"
            role="alert"
            title="You have an account already"
            actions={
              <ButtonLink to={toSignIn} size="sm" onClick={keep}>
                Sign in
              </ButtonLink>
            }
          >
            Sign in to it, and you come back here to accept, or give its password below.
          </Notice>
        ) : (
          failure !== null && <ErrorState error={failure} />
        )}
        <TextField
          label="Your name"
          autoComplete="name"
          error={errors.name?.message}
          {...register("name", { required: "Enter your name." })}
        />
        <NewPasswordField error={errors.password?.message} {...register("password", NEW_PASSWORD)} />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Joining…" : "Create account and join"}
        </Button>
      </form>
    </AccountCard>
  );
}
