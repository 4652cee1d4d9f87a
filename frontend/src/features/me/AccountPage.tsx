import { accountQuery, identitiesQuery, signInsQuery, useAccount } from "~/api/account";
import { prefetch } from "~/api/query-client";
import { useSession } from "~/api/useSession";
import { isGlobalOwner } from "~/lib/access";
import { Page } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { ChangePassword } from "./ChangePassword";
import { Companies } from "./Companies";
import { Identities } from "./Identities";
import { Profile } from "./Profile";
import { SecurityLog } from "./SecurityLog";
import { SignIns } from "./SignIns";

export const loader = () =>
  prefetch(accountQuery())
    .then(() => prefetch(signInsQuery()))
    .then(() => prefetch(identitiesQuery()));

export function Component() {
  const account = useAccount();
  const { session } = useSession();
  return (
    <Page
      title="Your account"
      intro={
        isGlobalOwner(session)
          ? "You, who run the platform and belong to no company."
          : "You, wherever you work: the same in every company."
      }
    >
      {account.error && <ErrorState error={account.error} retry={() => account.refetch()} />}
      {account.isPending && (
        <Loading label="Loading your account">
          <div className="grid gap-5 lg:grid-cols-2">
            <Skeleton className="h-56" />
            <Skeleton className="h-56" />
          </div>
        </Loading>
      )}
      {account.data && (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <div className="grid gap-5">
            <Profile account={account.data} />
            {account.data.tenant && <Companies account={account.data} />}
          </div>
          <ChangePassword email={account.data.user.email} />
        </div>
      )}
      {account.data && <SignIns companies={account.data.tenants} />}
      {account.data && <Identities />}
      {account.data && <SecurityLog userId={account.data.user.id} />}
    </Page>
  );
}
