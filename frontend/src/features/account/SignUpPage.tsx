import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { api, call } from "~/api/client";
import { providerQuery } from "~/api/outside";
import { queryClient } from "~/api/query-client";
import { paths } from "~/app/paths";
import { EMAIL, NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { ErrorState } from "~/ui/States";
import { AccountCard } from "./AccountCard";
import { OutsideSignIn } from "./OutsideSignIn";

export const loader = () => {
  void queryClient.prefetchQuery(providerQuery());
  return null;
};

type Form = { name: string; company: string; email: string; password: string };

export function Component() {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  const submit = async (form: Form) => {
    setFailure(null);
    try {
      await call(api.POST("/v1/auth/register", { body: form }));
      await navigate(paths.verifyFor(form.email));
    } catch (error) {
      setFailure(placeErrors(error, ["name", "company", "email", "password"], setError));
    }
  };

  return (
    <AccountCard
      title="Sign up"
      intro="One account for you, one place for your company's bills."
      below={
        <p>
          Already have an account?{" "}
          <Link to={paths.signIn} className="font-medium text-accent underline">
            Sign in
          </Link>
        </p>
      }
    >
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && <ErrorState error={failure} />}
        <TextField
          label="Your name"
          autoComplete="name"
          error={errors.name?.message}
          {...register("name", { required: "Enter your name." })}
        />
        <TextField
          label="Company"
          autoComplete="organization"
          error={errors.company?.message}
          {...register("company", { required: "Enter your company's name." })}
        />
        <TextField
          label="Work email"
          type="email"
          autoComplete="username"
          hint="We send a code there to check that it is yours."
          error={errors.email?.message}
          {...register("email", {
            required: "Enter your email address.",
            pattern: { value: EMAIL, message: "This does not look like an email address." },
          })}
        />
        <NewPasswordField error={errors.password?.message} {...register("password", NEW_PASSWORD)} />
        <Button type="submit" variant="primary" size="lg" busy={isSubmitting}>
          {isSubmitting ? "Creating your account…" : "Create account"}
        </Button>
      </form>
      <OutsideSignIn next={paths.start} />
    </AccountCard>
  );
}
