import { useSession } from "~/api/useSession";
import { ButtonLink } from "~/ui/Button";
import { Message } from "./Message";
import { paths } from "./paths";

export function NotFound() {
  const home = useSession().status === "in" ? paths.start : paths.home;
  return (
    <Message
      code="404"
      title="Page not found"
      actions={
        <ButtonLink to={home} variant="primary">
          {home === paths.home ? "Go to the start page" : "Go to your first page"}
        </ButtonLink>
      }
    >
      Nothing is booked under this address. Check it for a typing mistake.
    </Message>
  );
}
