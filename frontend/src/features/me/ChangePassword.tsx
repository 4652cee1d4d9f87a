import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { signInsQuery } from "~/api/account";
import { api, call } from "~/api/client";
import { NEW_PASSWORD, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { NewPasswordField } from "~/ui/NewPasswordField";
import { Notice } from "~/ui/Notice";
import { Panel } from "~/ui/Page";
import { ErrorState } from "~/ui/States";

type Form = { currentPassword: string; newPassword: string };

export function ChangePassword({ email }: { email: string }) {
  const client = useQueryClient();
  const [changed, setChanged] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, reset, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  const submit = async (form: Form) => {
    setFailure(null);
    setChanged(false);
    try {
      await call(api.POST("/v1/auth/password/change", { body: form }));
      setChanged(true);
      reset();
      void client.invalidateQueries({ queryKey: signInsQuery().queryKey });
    } catch (error) {
      setFailure(placeErrors(error, ["currentPassword", "newPassword"], setError));
    }
  };

  return (
    <Panel title="Password">
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {changed && (
          <Notice tone="good" role="status" title="Your password is changed">
            You were signed out everywhere else.
          </Notice>
        )}
        {failure !== null && <ErrorState error={failure} />}
        {/* For password managers: whose password this is. */}
        <input type="hidden" autoComplete="username" value={email} />
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          error={errors.currentPassword?.message}
          {...register("currentPassword", { required: "Enter your password as it is now." })}
        />
        <NewPasswordField
          label="New password"
          error={errors.newPassword?.message}
          {...register("newPassword", NEW_PASSWORD)}
        />
        <Button type="submit" busy={isSubmitting} className="justify-self-start">
          {isSubmitting ? "Changing…" : "Change password"}
        </Button>
      </form>
    </Panel>
  );
}
