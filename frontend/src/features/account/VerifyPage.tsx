import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, Navigate, useSearchParams } from "react-router";
import { startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";

/** Asking again sooner is of no use: the mail is still on its way. */
const RESEND_PAUSE_MS = 30_000;

type Form = { email: string; code: string };

export function Component() {
  const [search] = useSearchParams();
  const known = search.get("email") ?? "";
  const { status } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, getValues, formState } = useForm<Form>({
    defaultValues: { email: known },
  });
  const { errors, isSubmitting } = formState;

  if (status === "in") return <Navigate to={paths.start} replace />;

  const submit = async ({ email, code }: Form) => {
    setFailure(null);
    try {
      const body = { email, code: code.replace(/\s/g, "") };
      startSession(await call(api.POST("/v1/auth/verify", { body })));
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
        <>
          <Resend email={() => getValues("email")} />
          <p className="mt-4 text-[13px] text-ink-3">
            Wrong address?{" "}
            <Link to={paths.signUp} className="font-medium text-accent underline">
              Sign up again
            </Link>
          </p>
        </>
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

function Resend({ email }: { email: () => string }) {
  const [paused, setPaused] = useState(false);
  const resend = useMutation({
    mutationFn: () => call(api.POST("/v1/auth/verify/resend", { body: { email: email() } })),
    onSuccess: () => {
      setPaused(true);
      setTimeout(() => setPaused(false), RESEND_PAUSE_MS);
    },
  });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>No mail after a minute? Look in the spam folder.</p>
        <Button size="sm" busy={resend.isPending} disabled={paused} onClick={() => resend.mutate()}>
          {resend.isPending ? "Sending…" : "Send another code"}
        </Button>
      </div>
      {resend.isSuccess && (
        <Notice tone="good" role="status" title="Another code is on its way">
          The one before no longer works.
        </Notice>
      )}
      {resend.error && <ErrorState error={resend.error} />}
    </div>
  );
}
