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

function Forbidden({ error: { problem, slug } }: { error: ApiError }) {
  return (
    <Message
      code="403"
      title={slug === "forbidden" ? "Not for your role" : problem.title}
      actions={
        <ButtonLink to={paths.start} variant="primary">
          Go to your first page
        </ButtonLink>
      }
    >
      <p>{problem.detail}</p>
      {slug === "forbidden" && (
        <p className="mt-2">An owner or admin of your company can change your role.</p>
      )}
      {problem.requestId && <p className="mt-2 text-xs text-ink-3">Request {problem.requestId}</p>}
    </Message>
  );
}
