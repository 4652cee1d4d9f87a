import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accountQuery, useAccount, useMay } from "~/api/account";
import { api, call } from "~/api/client";
import { tokensQuery } from "~/api/company";
import { prefetch } from "~/api/query-client";
import type { ApiToken } from "~/api/types";
import { dayLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { FormDialog } from "~/ui/FormDialog";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { CreateTokenDialog } from "./CreateTokenDialog";
import { usePeople } from "./useNames";

export const loader = async () => {
  await prefetch(accountQuery());
  return prefetch(tokensQuery());
};

export function Component() {
  const tokens = useQuery(tokensQuery());
  const account = useAccount();
  const mayMake = useMay("tokens:write");
  const people = usePeople();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  return (
    <Page
      title="API tokens"
      intro="For programs. A token acts for the person who made it, within its permissions, until it ends."
      aside={
        mayMake && (
          <Button variant="primary" onClick={() => setMaking(true)}>
            Make a token
          </Button>
        )
      }
    >
      {tokens.error && <ErrorState error={tokens.error} retry={() => tokens.refetch()} />}
      {tokens.isPending && !tokens.error && (
        <Loading label="Loading the tokens">
          <Skeleton className="h-44" />
        </Loading>
      )}
      {tokens.data?.length === 0 && (
        <div className="card">
          <EmptyState title="No tokens yet">
            With one, a script asks for costs or hands in bills without anybody's password.
          </EmptyState>
        </div>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Table
          label="API tokens"
          columns={[
            { label: "Token" },
            { label: "May" },
            { label: "Last used" },
            { label: "Ends" },
            { label: "Revoke", hidden: true },
          ]}
        >
          {tokens.data.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              maker={
                token.createdBy === account.data?.user.id
                  ? "you"
                  : (people.names.get(token.createdBy) ?? null)
              }
              onRevoke={mayMake ? () => setRevoking(token) : null}
            />
          ))}
        </Table>
      )}
      <CreateTokenDialog open={making} onClose={() => setMaking(false)} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Page>
  );
}

function TokenRow({
  token,
  maker,
  onRevoke,
}: {
  token: ApiToken;
  /** Null where the caller does not see who. */
  maker: string | null;
  onRevoke: (() => void) | null;
}) {
  return (
    <Row>
      <RowHead note={`made by ${maker ?? "somebody else"}, ${dayLabel(token.createdAt.slice(0, 10), true)}`}>
        {token.name}
      </RowHead>
      <Cell label="May">
        <span className="flex flex-wrap gap-1">
          {token.scopes.map((scope) => (
            <code key={scope} className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs">
              {scope}
            </code>
          ))}
        </span>
      </Cell>
      <Cell label="Last used">
        <When time={token.lastUsedAt} />
      </Cell>
      <Cell label="Ends">{dayLabel(token.expiresAt.slice(0, 10), true)}</Cell>
      <Cell end>
        {onRevoke && (
          <Button size="sm" aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </Cell>
    </Row>
  );
}

function RevokeDialog({ token, onClose }: { token: ApiToken | null; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (tokenId: string) =>
      call(api.DELETE("/v1/tokens/{tokenId}", { params: { path: { tokenId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokensQuery().queryKey });
      onClose();
    },
  });
  return (
    <FormDialog
      open={token !== null}
      onClose={onClose}
      title="Revoke this token?"
      action={["Revoke", "Revoking…"]}
      cancel="Keep it"
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onSubmit={() => token && revoke.mutate(token.id)}
    >
      <p>
        Programs that use <strong className="font-medium text-ink">{token?.name}</strong> are refused within a
        minute. This cannot be undone.
      </p>
    </FormDialog>
  );
}
