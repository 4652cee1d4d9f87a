import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, callTagged } from "~/api/client";
import { companyQuery } from "~/api/company";
import { isOutdated } from "~/api/problem";
import { refreshSession } from "~/api/session";
import type { Company } from "~/api/types";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextArea, TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { Panel } from "~/ui/Page";
import { ErrorState } from "~/ui/States";
import { keysOf } from "./tag-keys";

type Form = { name: string; rollupTagKeys: string };

export function CompanySettings({ data: company, etag }: { data: Company; etag: string }) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>({
    defaultValues: { name: company.name, rollupTagKeys: company.rollupTagKeys.join("\n") },
  });
  const { errors, isSubmitting, isDirty } = formState;
  const [saved, setSaved] = useState(() => takeSaved());

  const submit = async (form: Form) => {
    setFailure(null);
    setSaved(false);
    try {
      const body = { name: form.name, rollupTagKeys: keysOf(form.rollupTagKeys) };
      const header = { "If-Match": etag };
      const next = await callTagged(api.PATCH("/v1/tenants/current", { params: { header }, body }));
      justSaved = true;
      client.setQueryData(companyQuery().queryKey, next);
      void client.invalidateQueries({ queryKey: ["account"] });
      // The name stands in the session, too.
      if (next.data.name !== company.name) void refreshSession().catch(() => undefined);
    } catch (error) {
      setFailure(placeErrors(error, ["name", "rollupTagKeys"], setError));
    }
  };

  return (
    <Panel title="Settings">
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {saved && <Notice tone="good" role="status" title="Saved" />}
        {failure !== null && (
          <ErrorState
            error={failure}
            {...(isOutdated(failure) && {
              retry: () => client.invalidateQueries({ queryKey: companyQuery().queryKey }),
            })}
          />
        )}
        <TextField
          label="Name"
          autoComplete="organization"
          error={errors.name?.message}
          {...register("name", { required: "Enter the company's name." })}
        />
        <TextArea
          label="Fast tag keys"
          rows={4}
          spellCheck={false}
          hint="One in each line, at most 20, written as in the bill. Questions about these tags are answered at once; it holds for bills read from now on."
          error={errors.rollupTagKeys?.message}
          {...register("rollupTagKeys", {
            validate: (text) => keysOf(text).length <= 20 || "At most 20 keys.",
          })}
        />
        <Button type="submit" busy={isSubmitting} disabled={!isDirty} className="justify-self-start">
          {isSubmitting ? "Saving…" : "Save"}
        </Button>
      </form>
    </Panel>
  );
}

/** The form is made anew for each state of the company; that the last one was ours is told once. */
let justSaved = false;

function takeSaved(): boolean {
  const was = justSaved;
  justSaved = false;
  return was;
}
