import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, Navigate, useSearchParams } from "react-router";
import { api, call } from "~/api/client";
import { signedIn } from "~/api/session";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";

type Form = { email: string; code: string };

export function Component() {
  const [search] = useSearchParams();
  const known = search.get("email") ?? "";
  const { status } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { email: known } });
  const { errors, isSubmitting } = formState;

  if (status === "in") return <Navigate to={paths.overview} replace />;

  const submit = async ({ email, code }: Form) => {
    setFailure(null);
    try {
      const body = { email, code: code.replace(/\s/g, "") };
      signedIn(await call(api.POST("/v1/auth/verify", { body })));
    } catch (error) {
      setFailure(placeErrors(error, ["email", "code"], setError));
    }
  };

  return (
    <AccountCard
      title="Check your mail"
      intro={
        known ? (
          <>
            We sent a code to <strong className="font-medium text-ink">{known}</strong>.
          </>
        ) : (
          "Enter the code from our mail."
        )
      }
      below={
        <p>
          No mail after a minute? Look in the spam folder, or{" "}
          <Link to={paths.signUp} className="font-medium text-accent underline">
            sign up again
          </Link>{" "}
          for a new code.
        </p>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        {!known && (
          <TextField
            label="Work email"
            type="email"
            autoComplete="username"
            error={errors.email?.message}
            {...register("email", { required: "Enter your email address." })}
          />
        )}
        <TextField
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          className="text-center font-mono text-xl tracking-[0.3em]"
          error={errors.code?.message}
          {...register("code", { required: "Enter the code from the mail." })}
        />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Checking…" : "Continue"}
        </Button>
      </form>
    </AccountCard>
  );
}
