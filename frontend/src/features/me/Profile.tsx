import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { accountQuery } from "~/api/account";
import { api, call } from "~/api/client";
import { refreshSession } from "~/api/session";
import type { Account } from "~/api/types";
import { placeErrors } from "~/lib/forms";
import { ROLE_LABELS, ROLE_NOTES } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { Panel } from "~/ui/Page";
import { ErrorState } from "~/ui/States";

export function Profile({ account }: { account: Account }) {
  return (
    <Panel title="Profile">
      <NameForm name={account.user.name} />
      <dl className="mt-5 grid grid-cols-[88px_minmax(0,1fr)] gap-x-6 gap-y-3 border-t border-line pt-5">
        <dt className="text-ink-3">Email</dt>
        <dd className="break-words">{account.user.email}</dd>
        <dt className="text-ink-3">{account.tenant ? "Role here" : "Role"}</dt>
        <dd>
          {ROLE_LABELS[account.role] ?? account.role}
          <span className="block text-[13px] text-ink-3">
            {ROLE_NOTES[account.role] ?? "Runs the platform and belongs to no company"}
          </span>
        </dd>
      </dl>
    </Panel>
  );
}

function NameForm({ name }: { name: string }) {
  const client = useQueryClient();
  const [saved, setSaved] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<{ name: string }>({ values: { name } });
  const { errors, isSubmitting, isDirty } = formState;

  const submit = async (form: { name: string }) => {
    setFailure(null);
    setSaved(false);
    try {
      await call(api.PATCH("/v1/auth/me", { body: form }));
      setSaved(true);
      await client.invalidateQueries({ queryKey: accountQuery().queryKey });
      // The name stands in the session, too.
      void refreshSession().catch(() => undefined);
    } catch (error) {
      setFailure(placeErrors(error, ["name"], setError));
    }
  };

  return (
    <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
      {saved && <Notice tone="good" role="status" title="Saved" />}
      {failure !== null && <ErrorState error={failure} />}
      <TextField
        label="Your name"
        autoComplete="name"
        maxLength={100}
        error={errors.name?.message}
        {...register("name", { required: "Enter your name." })}
      />
      <Button type="submit" busy={isSubmitting} disabled={!isDirty} className="justify-self-start">
        {isSubmitting ? "Saving…" : "Save"}
      </Button>
    </form>
  );
}
