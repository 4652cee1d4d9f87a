import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { signInsQuery } from "~/api/account";
import { api, call } from "~/api/client";
import type { Account, SignIn } from "~/api/types";
import { Button } from "~/ui/Button";
import { FormDialog } from "~/ui/FormDialog";
import { Badge } from "~/ui/Notice";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { deviceName } from "./device";

/** Where the person is signed in, and the way to end it. */
export function SignIns({ companies }: { companies: Account["tenants"] }) {
  const client = useQueryClient();
  const signIns = useQuery(signInsQuery());
  const [asking, setAsking] = useState(false);
  const done = () => client.invalidateQueries({ queryKey: signInsQuery().queryKey });
  const end = useMutation({
    mutationFn: (sessionId: string) =>
      call(api.DELETE("/v1/auth/sessions/{sessionId}", { params: { path: { sessionId } } })),
    onSettled: done,
  });
  const endOthers = useMutation({
    mutationFn: () => call(api.DELETE("/v1/auth/sessions")),
    onSuccess: async () => {
      await done();
      setAsking(false);
    },
  });
  const others = signIns.data?.filter((signIn) => !signIn.current) ?? [];
  return (
    <section className="mt-8">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-[15px] font-semibold">Where you are signed in</h2>
        {others.length > 0 && (
          <Button size="sm" onClick={() => setAsking(true)}>
            Sign out everywhere else
          </Button>
        )}
      </div>
      {signIns.error && <ErrorState error={signIns.error} retry={() => signIns.refetch()} />}
      {end.error && (
        <div className="mb-3">
          <ErrorState error={end.error} />
        </div>
      )}
      {signIns.isPending && !signIns.error && (
        <Loading label="Loading where you are signed in">
          <Skeleton className="h-32" />
        </Loading>
      )}
      {signIns.data && (
        <Table
          label="Where you are signed in"
          columns={[
            { label: "Device" },
            ...(companies.length > 0 ? [{ label: "Company" }] : []),
            { label: "Network address" },
            { label: "Signed in" },
            { label: "Last used" },
            { label: "Sign out", hidden: true },
          ]}
        >
          {signIns.data.map((signIn) => (
            <SignInRow
              key={signIn.id}
              signIn={signIn}
              companies={companies}
              busy={end.isPending && end.variables === signIn.id}
              onEnd={() => end.mutate(signIn.id)}
            />
          ))}
        </Table>
      )}
      <FormDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Sign out everywhere else?"
        action={["Sign out everywhere else", "Signing out…"]}
        busy={endOthers.isPending}
        error={endOthers.error}
        onSubmit={() => endOthers.mutate()}
      >
        <p>
          {others.length === 1 ? "One other device" : `${others.length} other devices`} must sign in again.
          You stay signed in here.
        </p>
      </FormDialog>
    </section>
  );
}

function SignInRow({
  signIn,
  companies,
  busy,
  onEnd,
}: {
  signIn: SignIn;
  companies: Account["tenants"];
  busy: boolean;
  onEnd: () => void;
}) {
  const device = deviceName(signIn.device);
  const company = companies.find(({ id }) => id === signIn.tenantId);
  return (
    <Row>
      <RowHead>
        <span title={signIn.device ?? undefined}>{device}</span>{" "}
        {signIn.current && <Badge tone="good">This device</Badge>}
      </RowHead>
      {companies.length > 0 && (
        <Cell label="Company">{company?.name ?? <span className="text-ink-3">one that you left</span>}</Cell>
      )}
      <Cell label="Network address">{signIn.address ?? <span className="text-ink-3">not known</span>}</Cell>
      <Cell label="Signed in">
        <When time={signIn.createdAt} />
      </Cell>
      <Cell label="Last used">
        <When time={signIn.renewedAt} />
      </Cell>
      <Cell end>
        {!signIn.current && (
          <Button size="sm" busy={busy} aria-label={`Sign out ${device}`} onClick={onEnd}>
            {busy ? "Signing out…" : "Sign out"}
          </Button>
        )}
      </Cell>
    </Row>
  );
}
