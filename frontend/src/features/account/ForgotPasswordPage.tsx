import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link } from "react-router";
import { api, call } from "~/api/client";
import { paths } from "~/app/paths";
import { EMAIL, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";

type Form = { email: string };

export function Component() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>();

  const submit = async (form: Form) => {
    setFailure(null);
    setSentTo(null);
    try {
      await call(api.POST("/v1/auth/password/forgot", { body: form }));
      setSentTo(form.email);
    } catch (error) {
      setFailure(placeErrors(error, ["email"], setError));
    }
  };

  return (
    <AccountCard
      title="Forgot your password?"
      intro="We mail you a link to choose a new one."
      below={
        <p>
          Remembered it?{" "}
          <Link to={paths.signIn} className="font-medium text-accent underline">
            Sign in
          </Link>
        </p>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {sentTo && (
          <Notice tone="good" role="status" title="Look into your mail">
            <p>
              A mail to <strong className="font-medium text-ink">{sentTo}</strong> says how to go on. Its link
              works once and for a few minutes.
            </p>
            <p className="mt-1">
              No link in it?{" "}
              <Link to={paths.resetPassword} className="font-medium text-accent underline">
                Enter the token
              </Link>
            </p>
          </Notice>
        )}
        {failure !== null && <ErrorState error={failure} />}
        <TextField
          label="Work email"
          type="email"
          autoComplete="username"
          error={formState.errors.email?.message}
          {...register("email", {
            required: "Enter your email address.",
            pattern: { value: EMAIL, message: "This does not look like an email address." },
          })}
        />
        <Button type="submit" variant="primary" size="lg" busy={formState.isSubmitting}>
          {formState.isSubmitting ? "Sending…" : "Send me a link"}
        </Button>
      </form>
    </AccountCard>
  );
}
