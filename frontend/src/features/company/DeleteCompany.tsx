import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "~/api/client";
import type { Company } from "~/api/types";
import { paths } from "~/app/paths";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";

/** The end of a company. Its name is typed, so that it is never a slip. */
export function DeleteCompany({ company }: { company: Company }) {
  const [asking, setAsking] = useState(false);
  return (
    <section className="mt-8 rounded-[10px] border border-bad/40 p-5">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div className="max-w-[70ch]">
          <h2 className="text-[15px] font-semibold">Delete this company</h2>
          <p className="mt-1 text-ink-2">
            Everything of it is removed: bills, figures, people's memberships, tokens. Accounts that belong
            nowhere else go, too. Nobody can stop it or take it back.
          </p>
        </div>
        <Button variant="danger" onClick={() => setAsking(true)}>
          Delete this company
        </Button>
      </div>
      {asking && <DeleteDialog company={company} onClose={() => setAsking(false)} />}
    </section>
  );
}

function DeleteDialog({ company, onClose }: { company: Company; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const end = useMutation({
    mutationFn: async () => {
      const answer = api.DELETE("/v1/tenants/current", { body: { confirm: typed.trim() } });
      await call(answer);
      return (await answer).response.headers.get("location") ?? "";
    },
    // Loaded anew: the session has ended, and nothing of the company stays in memory.
    onSuccess: (location) => window.location.assign(paths.receipt(location.split("/").pop() ?? "")),
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Delete ${company.name}?`}
      action={["Delete everything", "Deleting…"]}
      cancel="Keep it"
      danger
      busy={end.isPending}
      disabled={typed.trim() !== company.name}
      error={end.error}
      onSubmit={() => end.mutate()}
    >
      <p>
        Everything is removed, and nobody can take it back. Nobody is let in from this moment on. You get the
        address of a receipt that says when nothing is left. It is shown once: keep it.
      </p>
      <TextField
        label="Type the company's name"
        hint={company.name}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </FormDialog>
  );
}
