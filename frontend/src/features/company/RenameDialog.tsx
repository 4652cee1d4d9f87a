import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, call } from "~/api/client";
import { type TeamPerson, userAccountQuery } from "~/api/company";
import { isOutdated } from "~/api/problem";
import { placeErrors } from "~/lib/forms";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";

/** The name by which this company knows a person. Decided is on the name as it stands in the dialog. */
export function RenameDialog({ person, onClose }: { person: TeamPerson; onClose: () => void }) {
  const client = useQueryClient();
  const account = useQuery({ ...userAccountQuery(person.userId), refetchOnWindowFocus: false });
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<{ name: string }>({
    values: { name: account.data?.data.name ?? person.name },
  });
  const { errors, isSubmitting, isDirty } = formState;

  const submit = async ({ name }: { name: string }) => {
    setFailure(null);
    try {
      const header = { "If-Match": account.data?.etag ?? "" };
      const params = { path: { userId: person.userId }, header };
      await call(api.PATCH("/v1/users/{userId}", { params, body: { name } }));
      void client.invalidateQueries({ queryKey: ["team"] });
      onClose();
    } catch (error) {
      setFailure(placeErrors(error, ["name"], setError));
    }
  };
  const readAgain = async () => {
    await account.refetch();
    setFailure(null);
  };

  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Rename ${person.name || person.email}`}
      action={["Rename", "Renaming…"]}
      busy={isSubmitting}
      disabled={!account.data || !isDirty}
      error={failure ?? account.error}
      retry={(isOutdated(failure) || account.isError) && readAgain}
      onSubmit={handleSubmit(submit)}
    >
      <TextField
        label="Name"
        autoComplete="off"
        maxLength={100}
        hint={`How this company knows ${person.email}.`}
        readOnly={account.isPending}
        aria-busy={account.isPending || undefined}
        error={errors.name?.message}
        {...register("name", { required: "Enter a name." })}
      />
    </FormDialog>
  );
}
