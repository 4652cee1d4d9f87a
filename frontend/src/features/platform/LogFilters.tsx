import { useForm } from "react-hook-form";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { LEVELS, SPANS } from "./filters";

const NAMES = ["hours", "level", "domain", "tenantId", "requestId"] as const;

type Form = Record<(typeof NAMES)[number], string>;

const SPAN_LABELS: Record<number, string> = { 1: "hour", 6: "6 hours", 24: "day", 168: "7 days" };

export function LogFilters({
  search,
  onSearch,
}: {
  search: URLSearchParams;
  onSearch: (search: URLSearchParams) => void;
}) {
  const text = (name: string) => search.get(name) ?? "";
  const { register, handleSubmit } = useForm<Form>({
    defaultValues: {
      hours: text("hours") || "1",
      level: text("level") || "info",
      domain: text("domain"),
      tenantId: text("tenantId"),
      requestId: text("requestId"),
    },
  });
  const submit = (form: Form) => {
    const next = new URLSearchParams();
    for (const name of NAMES) if (form[name].trim()) next.set(name, form[name].trim());
    onSearch(next);
  };
  return (
    <form
      noValidate
      aria-label="Filter the logs"
      onSubmit={handleSubmit(submit)}
      className="mb-5 grid items-end gap-3 sm:grid-cols-2 xl:grid-cols-[130px_130px_150px_minmax(0,1fr)_minmax(0,1fr)_auto]"
    >
      <SelectField label="In the last" {...register("hours")}>
        {SPANS.map((hours) => (
          <option key={hours} value={hours}>
            {SPAN_LABELS[hours]}
          </option>
        ))}
      </SelectField>
      <SelectField label="From level" {...register("level")}>
        {LEVELS.map((level) => (
          <option key={level}>{level}</option>
        ))}
      </SelectField>
      <TextField
        label="Domain"
        placeholder="auth, ingest…"
        autoComplete="off"
        spellCheck={false}
        {...register("domain")}
      />
      <TextField
        label="Company id"
        placeholder="ten_…"
        autoComplete="off"
        spellCheck={false}
        {...register("tenantId")}
      />
      <TextField label="Request id" autoComplete="off" spellCheck={false} {...register("requestId")} />
      <Button type="submit" className="h-10">
        Read logs
      </Button>
    </form>
  );
}
