import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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
import { useHashSecret } from "./useHashSecret";

/** Asking again sooner is of no use: the mail is still on its way. */
const RESEND_PAUSE_MS = 30_000;

type Form = { code: string };

export function Component() {
  const [search] = useSearchParams();
  const email = search.get("email") ?? "";
  const mailed = useHashSecret();
  const { status } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, setValue, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  useEffect(() => {
    if (mailed) setValue("code", mailed);
  }, [mailed, setValue]);

  if (status === "in") return <Navigate to={paths.start} replace />;

  const submit = async ({ code }: Form) => {
    setFailure(null);
    try {
      startSession(await call(api.POST("/v1/auth/verify", { body: { code } })));
    } catch (error) {
      setFailure(placeErrors(error, ["code"], setError));
    }
  };

  return (
    <AccountCard
      title="Check your mail"
      intro={
        email ? (
          <>
            We sent a code to <strong className="font-medium text-ink">{email}</strong>.
          </>
        ) : (
          "Enter the code from our mail."
        )
      }
      below={
        <>
          {email && <Resend email={email} />}
          <p className="text-[13px] text-ink-3">
            Wrong address, or another browser than the one you signed up in?{" "}
            <Link to={paths.signUp} className="font-medium text-accent underline">
              Sign up again
            </Link>
          </p>
        </>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        <TextField
          label="Code"
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="XXXX-XXXX-XXXX"
          className="text-center font-mono text-xl uppercase tracking-[0.12em]"
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

function Resend({ email }: { email: string }) {
  const [paused, setPaused] = useState(false);
  const resend = useMutation({
    mutationFn: () => call(api.POST("/v1/auth/verify/resend", { body: { email } })),
    onSuccess: () => {
      setPaused(true);
      setTimeout(() => setPaused(false), RESEND_PAUSE_MS);
    },
  });
  return (
    <div className="mb-4 grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>No mail after a minute? Look in the spam folder.</p>
        <Button size="sm" busy={resend.isPending} disabled={paused} onClick={() => resend.mutate()}>
          {resend.isPending ? "Sending…" : "Send another code"}
        </Button>
      </div>
      {resend.isSuccess && (
        <Notice tone="good" role="status" title="Another code is on its way">
          Those before stay good for ten minutes. Past five, no other is sent in that time.
        </Notice>
      )}
      {resend.error && <ErrorState error={resend.error} />}
    </div>
  );
}
