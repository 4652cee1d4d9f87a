import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMay } from "~/api/account";
import { teamQuery, tokensQuery } from "~/api/company";
import type { AuditEntry } from "~/api/types";

const KINDS: Record<AuditEntry["actor"]["kind"], string> = {
  user: "Somebody who left",
  token: "A token that is gone",
  "platform-user": "Whoever runs Outlay",
  worker: "Outlay itself",
};

/** Who did something, by name where they are still here. */
export function useNames(): (entry: AuditEntry) => string {
  const mayTokens = useMay("tokens:read");
  const team = useInfiniteQuery({ ...teamQuery(false), throwOnError: false });
  const tokens = useQuery({ ...tokensQuery(), enabled: mayTokens, throwOnError: false });
  const names = new Map<string, string>();
  for (const person of team.data?.pages.flatMap((page) => page.items) ?? [])
    names.set(person.userId, person.name || person.email);
  for (const token of tokens.data ?? []) names.set(token.id, `Token ${token.name}`);
  const complete = team.data !== undefined && !team.hasNextPage;
  return ({ actor }) => {
    const known = names.get(actor.id);
    if (known) return known;
    return actor.kind === "user" && !complete ? actor.id : KINDS[actor.kind];
  };
}
