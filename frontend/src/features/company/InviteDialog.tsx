import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, call } from "~/api/client";
import type { Role } from "~/api/types";
import { EMAIL, placeErrors } from "~/lib/forms";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { RoleField } from "./RoleField";

export function InviteDialog({
  open,
  onClose,
  role: own,
}: {
  open: boolean;
  onClose: () => void;
  role: string | undefined;
}) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>("member");
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, reset, formState } = useForm<{ email: string }>();

  const close = () => {
    reset();
    setFailure(null);
    setRole("member");
    onClose();
  };
  const submit = async ({ email }: { email: string }) => {
    setFailure(null);
    try {
      await call(api.POST("/v1/members/invites", { body: { email, role } }));
      void client.invalidateQueries({ queryKey: ["team", "invites"] });
      close();
    } catch (error) {
      setFailure(placeErrors(error, ["email"], setError));
    }
  };

  return (
    <FormDialog
      open={open}
      onClose={close}
      title="Invite somebody"
      action={["Send invitation", "Sending…"]}
      busy={formState.isSubmitting}
      error={failure}
      onSubmit={handleSubmit(submit)}
    >
      <TextField
        label="Email"
        type="email"
        autoComplete="off"
        hint="The invitation goes there, and whoever reads it can accept."
        error={formState.errors.email?.message}
        {...register("email", {
          required: "Enter an email address.",
          pattern: { value: EMAIL, message: "This does not look like an email address." },
        })}
      />
      <RoleField own={own} value={role} onChange={setRole} />
    </FormDialog>
  );
}
