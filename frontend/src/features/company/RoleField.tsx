import type { Role } from "~/api/types";
import { rolesUpTo } from "~/lib/access";
import { ROLE_LABELS, ROLE_NOTES } from "~/lib/labels";

/** The roles that somebody may give, each with what it means. */
export function RoleField({
  own,
  value,
  onChange,
}: {
  own: string | undefined;
  value: Role;
  onChange: (role: Role) => void;
}) {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium text-ink">Role</legend>
      {rolesUpTo(own).map((role) => (
        <label
          key={role}
          className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name="role"
            value={role}
            checked={role === value}
            onChange={() => onChange(role)}
            className="mt-0.75 size-4 shrink-0 accent-(--accent-fill)"
          />
          <span>
            <span className="block font-medium text-ink">{ROLE_LABELS[role]}</span>
            <span className="block text-[13px] text-ink-3">{ROLE_NOTES[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
