import { useMutation, useQuery } from "@tanstack/react-query";
import { providerQuery } from "~/api/outside";
import type { OidcProvider } from "~/api/types";
import { Button } from "~/ui/Button";
import { ErrorState } from "~/ui/States";
import { goOutside } from "./outside";

/** The other way in, below a form, where there is one. */
export function OutsideSignIn({ next }: { next: string }) {
  const provider = useQuery(providerQuery()).data;
  if (!provider) return null;
  return (
    <div className="mt-5 grid gap-5">
      <p className="flex items-center gap-3 text-[13px] text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      <OutsideButton provider={provider} next={next} />
    </div>
  );
}

/** The same where it was tried before. Nothing where it is not offered any more. */
export function OutsideAgain({ next }: { next: string }) {
  const provider = useQuery(providerQuery()).data;
  return provider ? <OutsideButton provider={provider} next={next} again /> : null;
}

function OutsideButton({
  provider,
  next,
  again = false,
}: {
  provider: OidcProvider;
  next: string;
  again?: boolean;
}) {
  const go = useMutation({ mutationFn: () => goOutside(provider, next) });
  return (
    <>
      <Button
        size="lg"
        variant={again ? "primary" : "secondary"}
        className="h-auto! min-h-11 py-2 whitespace-normal!"
        busy={go.isPending}
        onClick={() => go.mutate()}
      >
        {again ? "Try your company's sign-in again" : "Continue with your company's sign-in"}
      </Button>
      {go.error && <ErrorState error={go.error} />}
    </>
  );
}
