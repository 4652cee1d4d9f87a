import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { api, call } from "~/api/client";
import { companyDetailQuery } from "~/api/platform";
import { isOutdated } from "~/api/problem";
import type { CompanyDetail } from "~/api/types";
import { placeErrors } from "~/lib/forms";
import { Choices } from "~/ui/Choices";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { Notice } from "~/ui/Notice";
import { changeOf, formOf, isRate, LIMITS, PROFILES, type TermsForm } from "./terms";

const PLACES = [
  "terms.profile",
  "terms.limits.tenantPerMinute",
  "terms.limits.userPerMinute",
  "reason",
] as const;

export function TermsDialog({
  company,
  etag,
  onClose,
}: {
  company: CompanyDetail;
  etag: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  // The page may read the company again behind the dialog: decided is on what the dialog was filled with.
  const [read, setRead] = useState({ etag, again: false });
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm<TermsForm>({ defaultValues: formOf(company.terms) });
  const { control, register, handleSubmit, setError, setFocus, formState } = form;
  const { errors, isSubmitting } = formState;
  const path = { tenantId: company.id };

  // The button that asked for it is gone with what it stood beside.
  useEffect(() => {
    if (read.again) setFocus("terms.profile");
  }, [read, setFocus]);

  const submit = async (filled: TermsForm) => {
    setFailure(null);
    try {
      await call(
        api.PATCH("/v1/admin/tenants/{tenantId}", {
          params: { path, header: { "If-Match": read.etag } },
          body: changeOf(filled),
        }),
      );
      await client.invalidateQueries({ queryKey: ["platform"] });
      onClose();
    } catch (error) {
      setFailure(placeErrors(error, PLACES, setError));
    }
  };
  const readAgain = async () => {
    try {
      const now = await client.fetchQuery({ ...companyDetailQuery(company.id), staleTime: 0 });
      form.reset(formOf(now.data.terms, form.getValues("reason")));
      setRead({ etag: now.etag, again: true });
      setFailure(null);
    } catch (error) {
      setFailure(error);
    }
  };

  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Change the terms of ${company.name}`}
      action={["Change terms", "Changing…"]}
      wide
      busy={isSubmitting}
      error={failure}
      retry={isOutdated(failure) && readAgain}
      onSubmit={handleSubmit(submit)}
    >
      <p>It holds within a minute, for all its people and programs.</p>
      {read.again && (
        <Notice role="status" title="These are its terms as they are now">
          Choose anew.
        </Notice>
      )}
      <Controller
        control={control}
        name="terms.profile"
        render={({ field: { value, onChange, ref } }) => (
          <Choices legend="Profile" choices={PROFILES} value={value} onChange={onChange} ref={ref} />
        )}
      />
      <Controller
        control={control}
        name="limits"
        render={({ field: { value, onChange, ref } }) => (
          <Choices
            legend="Requests in a minute"
            choices={LIMITS}
            value={value}
            onChange={onChange}
            ref={ref}
          />
        )}
      />
      {form.watch("limits") === "own" && (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField
            label="Of all together"
            inputMode="numeric"
            autoComplete="off"
            error={errors.terms?.limits?.tenantPerMinute?.message}
            {...register("terms.limits.tenantPerMinute", { validate: isRate })}
          />
          <TextField
            label="Of one person or program"
            inputMode="numeric"
            autoComplete="off"
            error={errors.terms?.limits?.userPerMinute?.message}
            {...register("terms.limits.userPerMinute", { validate: isRate })}
          />
        </div>
      )}
      <TextField
        label="Why?"
        hint="Written into the audit, for those who ask later."
        autoComplete="off"
        maxLength={500}
        error={errors.reason?.message}
        {...register("reason", { validate: (text) => text.trim() !== "" || "Say why in a few words." })}
      />
    </FormDialog>
  );
}
