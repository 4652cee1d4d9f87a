import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link } from "react-router";
import { api, call } from "~/api/client";
import { paths } from "~/app/paths";
import { NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { Notice } from "~/ui/Notice";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { useHashSecret } from "./useHashSecret";

type Form = { email: string; code: string; name: string; password: string };

/** Follows the one-time link that `cargo xtask bootstrap-owner` made. */
export function Component() {
  const link = new URLSearchParams(useHashSecret());
  const code = link.get("code") ?? "";
  const [done, setDone] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>({
    defaultValues: { code, email: link.get("email") ?? "" },
  });
  const { errors, isSubmitting } = formState;

  const submit = async (form: Form) => {
    setFailure(null);
    try {
      await call(api.POST("/v1/admin/owners/accept", { body: { ...form, code: form.code.trim() } }));
      setDone(true);
    } catch (error) {
      setFailure(placeErrors(error, ["email", "code", "name", "password"], setError));
    }
  };

  return (
    <AccountCard
      title="Become a global owner"
      intro="A global owner runs the platform and belongs to no company."
      below={
        done ? undefined : (
          <p className="text-[13px] text-ink-3">
            The code is good once and for an hour. Whoever operates Outlay makes it with{" "}
            <code className="font-mono">cargo xtask bootstrap-owner</code>.
          </p>
        )
      }
    >
      {done ? (
        <Notice tone="good" role="status" title="You are a global owner">
          <Link to={paths.signIn} className="font-medium text-accent underline">
            Sign in with your address and password
          </Link>
        </Notice>
      ) : (
        <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
          {failure !== null && <ErrorState error={failure} />}
          {!code && (
            <TextField
              label="Code"
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-[13px]"
              error={errors.code?.message}
              {...register("code", { required: "Enter the code of the link." })}
            />
          )}
          <TextField
            label="Email"
            type="email"
            autoComplete="username"
            hint="The address that the link was made for."
            error={errors.email?.message}
            {...register("email", { required: "Enter your email address." })}
          />
          <TextField
            label="Your name"
            autoComplete="name"
            error={errors.name?.message}
            {...register("name", { required: "Enter your name." })}
          />
          <NewPasswordField error={errors.password?.message} {...register("password", NEW_PASSWORD)} />
          <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
            {isSubmitting ? "Saving…" : "Become a global owner"}
          </Button>
        </form>
      )}
    </AccountCard>
  );
}
