import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { Standing } from "~/api/types";
import { placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { Badge } from "~/ui/Notice";

const LABELS: Record<string, string> = { active: "Active", suspended: "Suspended", ending: "Being deleted" };

export function StandingBadge({ standing }: { standing: Standing }) {
  return <Badge tone={standing === "active" ? "good" : "warn"}>{LABELS[standing] ?? standing}</Badge>;
}

/** Suspends or restores, with a reason that the audit keeps. */
export function StandingButton({
  name,
  standing,
  consequence,
  change,
}: {
  name: string;
  standing: Standing;
  /** What suspending does. */
  consequence: string;
  change: (action: "suspend" | "restore", reason: string) => Promise<unknown>;
}) {
  const [asking, setAsking] = useState(false);
  if (standing !== "active" && standing !== "suspended") return null;
  const action = standing === "active" ? "suspend" : "restore";
  return (
    <>
      <Button variant={action === "suspend" ? "danger" : "primary"} onClick={() => setAsking(true)}>
        {action === "suspend" ? "Suspend" : "Restore"}
      </Button>
      {asking && (
        <ReasonDialog
          name={name}
          action={action}
          text={action === "suspend" ? consequence : "They are let in again within a minute."}
          change={(reason) => change(action, reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function ReasonDialog({
  name,
  action,
  text,
  change,
  onClose,
}: {
  name: string;
  action: "suspend" | "restore";
  text: string;
  change: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, formState } = useForm<{ reason: string }>();
  const send = useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["platform"] });
      onClose();
    },
    onError: (error) => setFailure(placeErrors(error, ["reason"], setError)),
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`${action === "suspend" ? "Suspend" : "Restore"} ${name}?`}
      action={action === "suspend" ? ["Suspend", "Suspending…"] : ["Restore", "Restoring…"]}
      danger={action === "suspend"}
      busy={send.isPending}
      error={failure}
      onSubmit={handleSubmit(({ reason }) => {
        setFailure(null);
        send.mutate(reason);
      })}
    >
      <p>{text}</p>
      <TextField
        label="Why?"
        hint="Written into the audit, for those who ask later."
        autoComplete="off"
        maxLength={500}
        error={formState.errors.reason?.message}
        {...register("reason", { required: "Say why in a few words." })}
      />
    </FormDialog>
  );
}
