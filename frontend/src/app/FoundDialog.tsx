import { useRef, useState } from "react";
import { useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import { accountQuery, startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { queryClient } from "~/api/query-client";
import { placeErrors } from "~/lib/forms";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { paths } from "./paths";

/** One more company of one's own. Ends inside it. */
export function FoundDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<{ name: string }>();
  // Once it is founded, another try only goes there.
  const founded = useRef<string>(null);

  const submit = async (form: { name: string }) => {
    setFailure(null);
    try {
      founded.current ??= (await call(api.POST("/v1/tenants", { body: form }))).id;
      startSession(await call(api.POST("/v1/auth/switch", { body: { tenantId: founded.current } })));
      onClose();
      await navigate(paths.start);
    } catch (error) {
      if (founded.current) void queryClient.invalidateQueries({ queryKey: accountQuery().queryKey });
      setFailure(placeErrors(error, ["name"], setError));
    }
  };

  return (
    <FormDialog
      open
      onClose={onClose}
      title="Found another company"
      action={["Found and go there", "Founding…"]}
      busy={formState.isSubmitting}
      error={failure}
      onSubmit={handleSubmit(submit)}
    >
      <p>
        It has bills, people and settings of its own, and you are its owner. You stay in the ones you have.
      </p>
      <TextField
        label="Name"
        autoComplete="organization"
        maxLength={100}
        error={formState.errors.name?.message}
        {...register("name", { required: "Enter the company's name." })}
      />
    </FormDialog>
  );
}
