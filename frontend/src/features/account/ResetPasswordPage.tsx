import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { startSession } from "~/api/account";
import { api, call } from "~/api/client";
import type { Session } from "~/api/types";
import { paths } from "~/app/paths";
import { NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button, ButtonLink } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { useHashSecret } from "./useHashSecret";

type Form = { token: string; newPassword: string };

export function Component() {
  const mailed = useHashSecret();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const [isSet, setIsSet] = useState(false);
  const { register, handleSubmit, setError, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  const submit = async ({ token, newPassword }: Form) => {
    setFailure(null);
    try {
      const body = { token: mailed || token.trim(), newPassword };
      // Without a body the password is set, and there is nowhere to work.
      const session: Session | undefined = await call(api.POST("/v1/auth/password/reset", { body }));
      if (!session) {
        setIsSet(true);
        return;
      }
      startSession(session);
      await navigate(paths.start);
    } catch (error) {
      setFailure(placeErrors(error, ["token", "newPassword"], setError));
    }
  };

  if (isSet) return <SetOnly />;
  return (
    <AccountCard
      title="Choose a new password"
      intro="You are signed in with it at once, and signed out everywhere else."
      below={
        <p>
          Does the link no longer work?{" "}
          <Link to={paths.forgotPassword} className="font-medium text-accent underline">
            Ask for a new one
          </Link>
        </p>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        {!mailed && (
          <TextField
            label="Token"
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-[13px]"
            hint="From our mail. It begins with rst_."
            error={errors.token?.message}
            {...register("token", { required: "Enter the token from the mail." })}
          />
        )}
        <NewPasswordField
          label="New password"
          error={errors.newPassword?.message}
          {...register("newPassword", NEW_PASSWORD)}
        />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Saving…" : "Save and sign in"}
        </Button>
      </form>
    </AccountCard>
  );
}

/** The password is another one, and nobody is signed in with it. */
function SetOnly() {
  return (
    <AccountCard
      title="Your password is set"
      intro="The old one is good for nothing, and you are signed out everywhere."
    >
      <div className="grid gap-4">
        <Notice tone="info" role="status" title="You are not signed in">
          Your account is in no company at the moment, or was suspended; signing in says which. Were you
          invited again? The new password accepts the invitation.
        </Notice>
        <ButtonLink to={paths.signIn} variant="primary" size="lg">
          Sign in
        </ButtonLink>
      </div>
    </AccountCard>
  );
}
