import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { paths } from "~/app/paths";
import { NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { useHashSecret } from "./useHashSecret";

type Form = { token: string; newPassword: string };

export function Component() {
  const mailed = useHashSecret();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  const submit = async ({ token, newPassword }: Form) => {
    setFailure(null);
    try {
      const body = { token: mailed || token.trim(), newPassword };
      startSession(await call(api.POST("/v1/auth/password/reset", { body })));
      await navigate(paths.start);
    } catch (error) {
      setFailure(placeErrors(error, ["token", "newPassword"], setError));
    }
  };

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
