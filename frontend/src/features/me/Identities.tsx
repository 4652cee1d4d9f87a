import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { identitiesQuery } from "~/api/account";
import { api, call } from "~/api/client";
import { providerQuery } from "~/api/outside";
import type { LinkedIdentity } from "~/api/types";
import { timeLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { FormDialog } from "~/ui/FormDialog";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";

/** By way of whom the person signs in from outside, and the way to end it. Nothing, where nobody does. */
export function Identities() {
  const client = useQueryClient();
  const provider = useQuery(providerQuery()).data;
  const identities = useQuery(identitiesQuery());
  const [leaving, setLeaving] = useState<LinkedIdentity>();
  const heading = useRef<HTMLHeadingElement>(null);
  const unlink = useMutation({
    mutationFn: (identityId: string) =>
      call(api.DELETE("/v1/auth/identities/{identityId}", { params: { path: { identityId } } })),
    onSuccess: (_, identityId) => {
      setLeaving(undefined);
      client.setQueryData(identitiesQuery().queryKey, (all) => all?.filter(({ id }) => id !== identityId));
      // The row of the button is gone.
      requestAnimationFrame(() => heading.current?.focus());
    },
    // Sign-ins and the log change with it.
    onSettled: () => void client.invalidateQueries({ queryKey: ["account"] }),
  });
  if (!provider && !identities.error && !identities.data?.length) return null;
  return (
    <section className="mt-8">
      <h2 ref={heading} tabIndex={-1} className="text-[15px] font-semibold">
        Signing in from outside
      </h2>
      <p className="mt-1 mb-3 text-ink-3">
        {identities.data?.length === 0
          ? "Nothing is linked. Sign in from outside once, and say your password there."
          : "Whoever signs in there is you here, without your password."}
      </p>
      {identities.error && <ErrorState error={identities.error} retry={() => identities.refetch()} />}
      {identities.isPending && !identities.error && (
        <Loading label="Loading what else signs you in">
          <Skeleton className="h-20" />
        </Loading>
      )}
      {identities.data && identities.data.length > 0 && (
        <Table
          label="Signing in from outside"
          columns={[{ label: "By way of" }, { label: "Linked" }, { label: "Unlink", hidden: true }]}
        >
          {identities.data.map((identity) => (
            <Row key={identity.id}>
              <RowHead>
                <span className="break-all">{identity.issuer}</span>
              </RowHead>
              <Cell label="Linked">
                <When time={identity.linkedAt} />
              </Cell>
              <Cell end>
                <Button
                  size="sm"
                  aria-label={`Unlink what was linked on ${timeLabel(identity.linkedAt)}`}
                  onClick={() => {
                    unlink.reset();
                    setLeaving(identity);
                  }}
                >
                  Unlink
                </Button>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      <FormDialog
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Unlink this way to sign in?"
        action={["Unlink", "Unlinking…"]}
        danger
        busy={unlink.isPending}
        error={unlink.error}
        onSubmit={() => leaving && unlink.mutate(leaving.id)}
      >
        {leaving && (
          <p>
            It was linked on {timeLabel(leaving.linkedAt)}. You cannot sign in this way any more. You stay
            signed in here, and are signed out everywhere else.
          </p>
        )}
      </FormDialog>
    </section>
  );
}
