import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, callTagged } from "~/api/client";
import { noticeQuery } from "~/api/notice";
import { platformConfigQuery } from "~/api/platform";
import { isOutdated } from "~/api/problem";
import { prefetch } from "~/api/query-client";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { Page, Panel } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { When } from "~/ui/When";

export const loader = () => prefetch(platformConfigQuery());

export function Component() {
  const config = useQuery(platformConfigQuery());
  const [saved, setSaved] = useState(false);
  return (
    <Page title="Settings" intro="Of the platform, for every company.">
      {saved && (
        <div className="mb-5 max-w-2xl">
          <Notice tone="good" role="status" title="Saved" />
        </div>
      )}
      {config.error && <ErrorState error={config.error} retry={() => config.refetch()} />}
      {config.isPending && !config.error && (
        <Loading label="Loading the settings">
          <Skeleton className="h-64 max-w-2xl" />
        </Loading>
      )}
      {config.data && <SettingsForm key={config.data.etag} {...config.data} onSaved={setSaved} />}
    </Page>
  );
}

type Config = { notice: string | null; slaTarget: string; changedAt: string | null };
type Form = { notice: string; slaTarget: string };

function SettingsForm({
  data: config,
  etag,
  onSaved,
}: {
  data: Config;
  etag: string;
  onSaved: (saved: boolean) => void;
}) {
  const client = useQueryClient();
  const { queryKey } = platformConfigQuery();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<Form>({
    defaultValues: { notice: config.notice ?? "", slaTarget: config.slaTarget },
  });
  const { errors, isSubmitting, isDirty } = formState;
  const submit = async ({ notice, slaTarget }: Form) => {
    setFailure(null);
    onSaved(false);
    try {
      const body = { notice: notice.trim() || null, slaTarget: slaTarget.trim() };
      const header = { "If-Match": etag };
      client.setQueryData(
        queryKey,
        await callTagged(api.PUT("/v1/admin/config", { params: { header }, body })),
      );
      void client.invalidateQueries({ queryKey: noticeQuery().queryKey });
      onSaved(true);
    } catch (error) {
      setFailure(placeErrors(error, ["notice", "slaTarget"], setError));
    }
  };
  return (
    <Panel title="Told and promised" className="max-w-2xl">
      <form noValidate onSubmit={handleSubmit(submit)} className="grid gap-4">
        {failure !== null && (
          <ErrorState
            error={failure}
            {...(isOutdated(failure) && { retry: () => client.invalidateQueries({ queryKey }) })}
          />
        )}
        <TextField
          label="Notice"
          placeholder="Planned work on Sunday, 6:00 to 7:00 UTC"
          hint="Stands above every page, for everybody. Empty is none."
          maxLength={500}
          error={errors.notice?.message}
          {...register("notice")}
        />
        <TextField
          label="Promised availability of a month, in percent"
          inputMode="decimal"
          className="max-w-40"
          error={errors.slaTarget?.message}
          {...register("slaTarget", {
            required: "Enter a percentage such as 99.9.",
            pattern: { value: /^\s*\d{1,3}(\.\d{1,3})?\s*$/, message: "Enter a percentage such as 99.9." },
          })}
        />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Button type="submit" busy={isSubmitting} disabled={!isDirty}>
            {isSubmitting ? "Saving…" : "Save"}
          </Button>
          <span className="text-[13px] text-ink-3">
            Changed last: <When time={config.changedAt} />
          </span>
        </div>
      </form>
    </Panel>
  );
}
