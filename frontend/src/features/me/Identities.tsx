import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { identitiesQuery } from "~/api/account";
import { api, call } from "~/api/client";
import type { LinkedIdentity } from "~/api/types";
import { Button } from "~/ui/Button";
import { FormDialog } from "~/ui/FormDialog";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";

/** By way of whom the person signs in from outside, and the way to end it. Nothing, where there is nobody. */
export function Identities() {
  const client = useQueryClient();
  const identities = useQuery(identitiesQuery());
  const [leaving, setLeaving] = useState<LinkedIdentity>();
  const unlink = useMutation({
    mutationFn: (identityId: string) =>
      call(api.DELETE("/v1/auth/identities/{identityId}", { params: { path: { identityId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["account"] });
      setLeaving(undefined);
    },
  });
  if (identities.data?.length === 0) return null;
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-[15px] font-semibold">Signing in from outside</h2>
      {identities.error && <ErrorState error={identities.error} retry={() => identities.refetch()} />}
      {identities.isPending && !identities.error && (
        <Loading label="Loading what else signs you in">
          <Skeleton className="h-20" />
        </Loading>
      )}
      {identities.data && (
        <Table
          label="Signing in from outside"
          columns={[{ label: "By way of" }, { label: "Linked" }, { label: "Unlink", hidden: true }]}
        >
          {identities.data.map((identity) => (
            <Row key={identity.id}>
              <RowHead>
                <span title={identity.issuer}>{issuerName(identity.issuer)}</span>
              </RowHead>
              <Cell label="Linked">
                <When time={identity.linkedAt} />
              </Cell>
              <Cell end>
                <Button
                  size="sm"
                  aria-label={`Unlink ${issuerName(identity.issuer)}`}
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
        title={`Unlink ${leaving ? issuerName(leaving.issuer) : "it"}?`}
        action={["Unlink", "Unlinking…"]}
        danger
        busy={unlink.isPending}
        error={unlink.error}
        onSubmit={() => leaving && unlink.mutate(leaving.id)}
      >
        <p>
          You will sign in with your address and password. Where you are signed in already you stay signed in:
          sign out everywhere else if somebody else came in this way.
        </p>
      </FormDialog>
    </section>
  );
}

/** An issuer is an address: its host tells people enough. */
function issuerName(issuer: string): string {
  return URL.parse(issuer)?.host ?? issuer;
}
