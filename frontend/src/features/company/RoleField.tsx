import type { Role } from "~/api/types";
import { rolesUpTo } from "~/lib/access";
import { ROLE_LABELS, ROLE_NOTES } from "~/lib/labels";
import { Choices } from "~/ui/Choices";

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
  const choices = rolesUpTo(own).map((role) => ({
    value: role,
    label: ROLE_LABELS[role] ?? role,
    note: ROLE_NOTES[role],
  }));
  return <Choices legend="Role" choices={choices} value={value} onChange={onChange} />;
}
