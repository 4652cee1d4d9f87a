import { useForm } from "react-hook-form";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { FILTERS } from "./audit";

type Form = Record<(typeof FILTERS)[number], string>;

/** Areas of what can be done; an action that is asked for exactly stands beside them. */
const AREAS: [string, string][] = [
  ["auth", "Signing in and passwords"],
  ["uploads", "Uploads"],
  ["ingest", "Bills that were read"],
  ["members", "Members"],
  ["invites", "Invitations"],
  ["users", "Accounts"],
  ["tokens", "API tokens"],
  ["tenants", "Company"],
  ["admin", "Whoever runs Outlay"],
];

export function AuditFilters({
  search,
  onSearch,
}: {
  search: URLSearchParams;
  onSearch: (search: URLSearchParams) => void;
}) {
  const text = (name: keyof Form) => search.get(name) ?? "";
  const { register, handleSubmit } = useForm<Form>({
    defaultValues: {
      action: text("action"),
      actor: text("actor"),
      target: text("target"),
      from: text("from"),
      to: text("to"),
    },
  });
  const submit = (form: Form) => {
    const next = new URLSearchParams();
    for (const name of FILTERS) if (form[name].trim()) next.set(name, form[name].trim());
    onSearch(next);
  };
  const areas = AREAS.some(([area]) => area === text("action")) || !text("action");
  return (
    <form
      noValidate
      aria-label="Filter the audit"
      onSubmit={handleSubmit(submit)}
      className="mb-5 grid items-end gap-3 sm:grid-cols-2 xl:grid-cols-[1.2fr_1.4fr_1.4fr_1fr_1fr_auto]"
    >
      <SelectField label="What" {...register("action")}>
        <option value="">Everything</option>
        {AREAS.map(([area, label]) => (
          <option key={area} value={area}>
            {label}
          </option>
        ))}
        {!areas && <option value={text("action")}>{text("action")}</option>}
      </SelectField>
      <TextField
        label="Id of who"
        placeholder="usr_… or tok_…"
        spellCheck={false}
        autoComplete="off"
        {...register("actor")}
      />
      <TextField
        label="Id of what"
        placeholder="upl_…"
        spellCheck={false}
        autoComplete="off"
        {...register("target")}
      />
      <div className="grid grid-cols-2 gap-3 xl:contents">
        <TextField label="From" type="date" {...register("from")} />
        <TextField label="To" type="date" {...register("to")} />
      </div>
      <div className="flex gap-2">
        <Button type="submit" className="h-10">
          Filter
        </Button>
        {search.size > 0 && (
          <Button variant="quiet" className="h-10" onClick={() => onSearch(new URLSearchParams())}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}
