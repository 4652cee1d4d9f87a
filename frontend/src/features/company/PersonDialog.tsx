import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, call, callTagged } from "~/api/client";
import type { TeamPerson } from "~/api/company";
import type { Role } from "~/api/types";
import { FormDialog } from "~/ui/FormDialog";
import { RenameDialog } from "./RenameDialog";
import { RoleField } from "./RoleField";

type Sure = "suspend" | "restore" | "remove" | "delete";

export type Asked = { what: "role" | "rename" | Sure; person: TeamPerson };

/** What is done to a person, asked once before it is done. */
export function PersonDialog({
  asked,
  role,
  onClose,
}: {
  asked: Asked | null;
  role: string;
  onClose: () => void;
}) {
  if (!asked) return null;
  const key = asked.what + asked.person.userId;
  if (asked.what === "role")
    return <RoleDialog key={key} person={asked.person} own={role} onClose={onClose} />;
  if (asked.what === "rename") return <RenameDialog key={key} person={asked.person} onClose={onClose} />;
  return <SureDialog key={key} what={asked.what} person={asked.person} onClose={onClose} />;
}

function RoleDialog({ person, own, onClose }: { person: TeamPerson; own: string; onClose: () => void }) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>(person.role);
  const change = useMutation({
    mutationFn: () =>
      call(
        api.PATCH("/v1/members/{userId}", { params: { path: { userId: person.userId } }, body: { role } }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["team"] });
      void client.invalidateQueries({ queryKey: ["account"] });
      onClose();
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Change the role of ${person.name || person.email}`}
      action={["Change role", "Changing…"]}
      busy={change.isPending}
      disabled={role === person.role}
      error={change.error}
      onSubmit={() => change.mutate()}
    >
      <RoleField own={own} value={role} onChange={setRole} />
    </FormDialog>
  );
}

const TEXTS: Record<Sure, { title: string; action?: string; busy: string; text: string }> = {
  suspend: {
    title: "Suspend",
    busy: "Suspending…",
    text: "They can change nothing within a minute and see nothing within a quarter of an hour, in this company only. Restore them whenever you like.",
  },
  restore: {
    title: "Restore",
    busy: "Restoring…",
    text: "They can work in this company again, with the role that they had.",
  },
  remove: {
    title: "Remove",
    busy: "Removing…",
    text: "They leave this company, and their API tokens here stop working. Their account stays. Coming back needs a new invitation.",
  },
  delete: {
    title: "Delete the account of",
    action: "Delete account",
    busy: "Deleting…",
    text: "They leave this company, and their API tokens here stop working. If they are in no other company, their account is gone for good: name, address, password and sign-ins. This cannot be undone.",
  },
};

function SureDialog({ what, person, onClose }: { what: Sure; person: TeamPerson; onClose: () => void }) {
  const client = useQueryClient();
  const { title, action = title, busy, text } = TEXTS[what];
  const change = useMutation({
    mutationFn: async () => {
      if (what === "remove") await remove(person.userId);
      else if (what === "delete") await erase(person.userId);
      else await setStanding(person.userId, what === "suspend" ? "suspended" : "active");
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["team"] });
      onClose();
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`${title} ${person.name || person.email}?`}
      action={[action, busy]}
      busy={change.isPending}
      danger={what !== "restore"}
      error={change.error}
      onSubmit={() => change.mutate()}
    >
      <p>{text}</p>
    </FormDialog>
  );
}

function remove(userId: string) {
  return call(api.DELETE("/v1/members/{userId}", { params: { path: { userId } } }));
}

function erase(userId: string) {
  return call(api.DELETE("/v1/users/{userId}", { params: { path: { userId } } }));
}

/** Decided on the person as they are at this moment: the dialog shows nothing that may be out of date. */
async function setStanding(userId: string, standing: "active" | "suspended") {
  const path = { userId };
  const { etag } = await callTagged(api.GET("/v1/users/{userId}", { params: { path } }));
  await call(
    api.PATCH("/v1/users/{userId}", {
      params: { path, header: { "If-Match": etag } },
      body: { standing },
    }),
  );
}
