import { useForm } from "react-hook-form";
import { FILTERS } from "~/lib/audit";
import { cx } from "../cx";
import { SelectField, TextField } from "../Field";
import { FilterButtons } from "../FilterButtons";

type Form = Record<(typeof FILTERS)[number], string>;

/** What a log is asked about in a filter. */
export type AuditSubjects = {
  /** An action or the area of some, and how the list of them calls it. */
  actions: readonly (readonly [action: string, label: string])[];
  /** How ids of who did something begin; left out where that is no question. */
  actors?: string;
  /** How ids of what it was done to begin; left out where that is no question. */
  targets?: string;
};

export function AuditFilters({
  subjects,
  search,
  onSearch,
}: {
  subjects: AuditSubjects;
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
  const listed = subjects.actions.some(([action]) => action === text("action")) || !text("action");
  return (
    <form
      noValidate
      aria-label="Filter the audit"
      onSubmit={handleSubmit(submit)}
      className={cx(
        "mb-5 grid items-end gap-3 sm:grid-cols-2",
        subjects.actors || subjects.targets
          ? "xl:grid-cols-[1.2fr_1.4fr_1.4fr_1fr_1fr_auto]"
          : "xl:grid-cols-[1.4fr_1fr_1fr_auto]",
      )}
    >
      <SelectField label="What" {...register("action")}>
        <option value="">Everything</option>
        {subjects.actions.map(([action, label]) => (
          <option key={action} value={action}>
            {label}
          </option>
        ))}
        {!listed && <option value={text("action")}>{text("action")}</option>}
      </SelectField>
      {subjects.actors && (
        <TextField
          label="Id of who"
          placeholder={subjects.actors}
          spellCheck={false}
          autoComplete="off"
          {...register("actor")}
        />
      )}
      {subjects.targets && (
        <TextField
          label="Id of what"
          placeholder={subjects.targets}
          spellCheck={false}
          autoComplete="off"
          {...register("target")}
        />
      )}
      <div className="grid gap-3 min-[400px]:grid-cols-2 xl:contents">
        <TextField label="From" type="date" {...register("from")} />
        <TextField label="To" type="date" {...register("to")} />
      </div>
      <FilterButtons apply="Filter" search={search} onSearch={onSearch} />
    </form>
  );
}
