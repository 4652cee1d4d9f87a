import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useAccount } from "~/api/account";
import { api, call } from "~/api/client";
import { tokensQuery } from "~/api/company";
import type { ApiTokenCreated } from "~/api/types";
import { placeErrors } from "~/lib/forms";
import { PERMISSION_LABELS } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { Checkbox } from "~/ui/Checkbox";
import { CopyField } from "~/ui/CopyField";
import { Dialog } from "~/ui/Dialog";
import { SelectField, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { Notice } from "~/ui/Notice";
import { scopesFor } from "./scopes";

type Form = { name: string; expiresInDays: string; scopes: string[] };

const LIVES = [7, 30, 90, 365];

/** First what the token shall be, then, once, what it is. */
export function CreateTokenDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [made, setMade] = useState<ApiTokenCreated | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  if (made) return <SecretDialog made={made} open={open} onClose={close} />;
  return <Ask open={open} onClose={close} onMade={setMade} />;
}

function Ask({
  open,
  onClose,
  onMade,
}: {
  open: boolean;
  onClose: () => void;
  onMade: (made: ApiTokenCreated) => void;
}) {
  const client = useQueryClient();
  const account = useAccount();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, reset, formState } = useForm<Form>({
    defaultValues: { name: "", expiresInDays: "90", scopes: ["costs:read"] },
  });
  const { errors, isSubmitting } = formState;

  const close = () => {
    reset();
    setFailure(null);
    onClose();
  };
  const submit = async ({ name, expiresInDays, scopes }: Form) => {
    setFailure(null);
    try {
      const body = { name, scopes, expiresInDays: Number(expiresInDays) };
      const made = await call(api.POST("/v1/tokens", { body }));
      void client.invalidateQueries({ queryKey: tokensQuery().queryKey });
      reset();
      onMade(made);
    } catch (error) {
      setFailure(placeErrors(error, ["name", "expiresInDays", "scopes"], setError));
    }
  };

  return (
    <FormDialog
      open={open}
      onClose={close}
      title="Make a token"
      action={["Make token", "Making…"]}
      busy={isSubmitting}
      error={failure}
      onSubmit={handleSubmit(submit)}
    >
      <TextField
        label="What is it for?"
        placeholder="Nightly cost report"
        autoComplete="off"
        error={errors.name?.message}
        {...register("name", { required: "Give it a name by which you know it again." })}
      />
      <fieldset className="grid gap-2" aria-describedby={errors.scopes ? "scopes-error" : undefined}>
        <legend className="mb-2 font-medium text-ink">It may</legend>
        {scopesFor(account.data).map((scope) => (
          <Checkbox
            key={scope}
            label={PERMISSION_LABELS[scope] ?? scope}
            value={scope}
            {...register("scopes", { validate: (all) => all.length > 0 || "Choose one at least." })}
          />
        ))}
        {errors.scopes && (
          <p id="scopes-error" className="text-[13px] font-medium text-bad">
            {errors.scopes.message}
          </p>
        )}
      </fieldset>
      <SelectField label="It works for" error={errors.expiresInDays?.message} {...register("expiresInDays")}>
        {LIVES.map((days) => (
          <option key={days} value={days}>
            {days === 365 ? "a year" : `${days} days`}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function SecretDialog({
  made,
  open,
  onClose,
}: {
  made: ApiTokenCreated;
  open: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title="Your token"
      actions={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="grid gap-4">
        <Notice tone="warn" title="It is shown this once">
          Copy it now to where your program reads it. We keep no copy; a lost one is revoked and made anew.
        </Notice>
        <CopyField label={`Token ${made.token.name}`} value={made.secret} />
        <p className="text-[13px] text-ink-3">
          Sent as <code className="font-mono">Authorization: Bearer …</code>
        </p>
      </div>
    </Dialog>
  );
}
