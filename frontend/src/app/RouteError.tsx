import { useRouteError } from "react-router";
import { ApiError, asApiError } from "~/api/problem";
import { Button, ButtonLink } from "~/ui/Button";
import { Message } from "./Message";
import { NotFound } from "./NotFound";
import { paths } from "./paths";

/** What a page shows instead of itself when it may not be seen, is not there, or broke. */
export function RouteError() {
  const error = useRouteError();
  if (error instanceof ApiError && error.status === 403) return <Forbidden error={error} />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const { problem } = asApiError(error);
  return (
    <Message
      title="Something broke on this page"
      actions={
        <>
          <Button variant="primary" onClick={() => window.location.reload()}>
            Load it again
          </Button>
          <ButtonLink to={paths.home}>Go to the start page</ButtonLink>
        </>
      }
    >
      <p>Your data is safe: this happened in the browser only.</p>
      <p className="mt-2 font-mono text-xs break-words text-ink-3">{problem.detail}</p>
    </Message>
  );
}

function Forbidden({ error }: { error: ApiError }) {
  return (
    <Message
      code="403"
      title="Not for your role"
      actions={
        <ButtonLink to={paths.overview} variant="primary">
          Go to the Overview
        </ButtonLink>
      }
    >
      <p>{error.problem.detail}</p>
      <p className="mt-2">An owner or admin of your organisation can change your role.</p>
      {error.problem.requestId && (
        <p className="mt-2 text-xs text-ink-3">Request {error.problem.requestId}</p>
      )}
    </Message>
  );
}
