import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, Navigate, useSearchParams } from "react-router";
import { startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { providerQuery } from "~/api/outside";
import { queryClient } from "~/api/query-client";
import { useSession } from "~/api/useSession";
import { paths, safeNext } from "~/app/paths";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { OutsideSignIn } from "./OutsideSignIn";

export const loader = () => {
  void queryClient.prefetchQuery(providerQuery());
  return null;
};

type Form = { email: string; password: string };

export function Component() {
  const [search] = useSearchParams();
  const { status } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>();

  const next = safeNext(search.get("next"));
  if (status === "in") return <Navigate to={next} replace />;

  const submit = async (form: Form) => {
    setFailure(null);
    try {
      startSession(await call(api.POST("/v1/auth/login", { body: form })));
    } catch (error) {
      setFailure(placeErrors(error, ["email", "password"], setError));
    }
  };

  return (
    <AccountCard
      title="Sign in"
      intro="Welcome back."
      below={
        <div className="flex flex-wrap justify-between gap-x-6 gap-y-2">
          <p>
            New here?{" "}
            <Link to={paths.signUp} className="font-medium text-accent underline">
              Sign up
            </Link>
          </p>
          <Link to={paths.forgotPassword} className="font-medium text-accent underline">
            Forgot password?
          </Link>
        </div>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        <TextField
          label="Work email"
          type="email"
          autoComplete="username"
          error={formState.errors.email?.message}
          {...register("email", { required: "Enter your email address." })}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register("password", { required: "Enter your password." })}
        />
        <Button type="submit" variant="primary" size="lg" busy={formState.isSubmitting}>
          {formState.isSubmitting ? "Signing in…" : "Sign in"}
        </Button>
      </form>
      <OutsideSignIn next={next} />
    </AccountCard>
  );
}
