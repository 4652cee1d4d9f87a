import { useForm } from "react-hook-form";
import { SelectField, TextField } from "~/ui/Field";
import { FilterButtons } from "~/ui/FilterButtons";

type Form = { search: string; standing: string };

/** Finds in a list by words and state. */
export function ListFilters({
  label,
  hint,
  search,
  onSearch,
}: {
  label: string;
  hint: string;
  search: URLSearchParams;
  onSearch: (search: URLSearchParams) => void;
}) {
  const { register, handleSubmit } = useForm<Form>({
    defaultValues: { search: search.get("search") ?? "", standing: search.get("standing") ?? "" },
  });
  const submit = (form: Form) => {
    const next = new URLSearchParams();
    if (form.search.trim()) next.set("search", form.search.trim());
    if (form.standing) next.set("standing", form.standing);
    onSearch(next);
  };
  return (
    <form
      noValidate
      aria-label={label}
      onSubmit={handleSubmit(submit)}
      className="mb-5 grid items-end gap-3 sm:grid-cols-[minmax(0,380px)_160px_auto] sm:justify-start"
    >
      <TextField
        label="Find"
        placeholder={hint}
        autoComplete="off"
        spellCheck={false}
        {...register("search")}
      />
      <SelectField label="State" {...register("standing")}>
        <option value="">Any</option>
        <option value="active">Active</option>
        <option value="suspended">Suspended</option>
      </SelectField>
      <FilterButtons apply="Find" search={search} onSearch={onSearch} />
    </form>
  );
}
