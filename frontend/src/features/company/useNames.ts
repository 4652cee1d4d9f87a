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

/** The people of the company by their ids, and whether that is everybody. */
export function usePeople(): { names: Map<string, string>; complete: boolean } {
  const mayPeople = useMay("members:read");
  const team = useInfiniteQuery({ ...teamQuery(false), enabled: mayPeople, throwOnError: false });
  const people = team.data?.pages.flatMap((page) => page.items) ?? [];
  return {
    names: new Map(people.map((person) => [person.userId, person.name || person.email])),
    complete: team.data !== undefined && !team.hasNextPage,
  };
}

/** Who did something, by name where they are still here. */
export function useNames(): (entry: AuditEntry) => string {
  const mayTokens = useMay("tokens:read");
  const { names, complete } = usePeople();
  const tokens = useQuery({ ...tokensQuery(), enabled: mayTokens, throwOnError: false });
  for (const token of tokens.data ?? []) names.set(token.id, `Token ${token.name}`);
  return ({ actor }) => {
    const known = names.get(actor.id);
    if (known) return known;
    return actor.kind === "user" && !complete ? actor.id : KINDS[actor.kind];
  };
}
