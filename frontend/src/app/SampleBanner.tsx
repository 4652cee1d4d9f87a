import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useMay } from "~/api/account";
import { api, call } from "~/api/client";
import { uploadsQuery } from "~/api/queries";
import { billsChanged } from "~/api/query-client";
import { Button } from "~/ui/Button";
import { ErrorState } from "~/ui/States";

/** As long as the sample bill is in the figures, every page says so. */
export function SampleBanner() {
  const mayRemove = useMay("uploads:write");
  const uploads = useInfiniteQuery(uploadsQuery());
  const sample = uploads.data?.pages
    .flatMap((page) => page.items)
    .find((upload) => upload.sample && upload.status === "completed");
  const remove = useMutation({
    mutationFn: (uploadId: string) =>
      call(api.DELETE("/v1/uploads/{uploadId}", { params: { path: { uploadId } } })),
    onSuccess: billsChanged,
  });
  if (!sample) return null;
  return (
    <aside aria-label="Sample bill" className="border-b border-line bg-accent-soft">
      <div className="mx-auto flex max-w-[1280px] flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-2 sm:px-8">
        <p>
          <strong className="font-semibold">You are looking at a sample bill.</strong>{" "}
          <span className="text-ink-2">It is made up, like the company in it.</span>
        </p>
        {mayRemove && (
          <Button size="sm" busy={remove.isPending} onClick={() => remove.mutate(sample.id)}>
            {remove.isPending ? "Removing…" : "Remove it"}
          </Button>
        )}
      </div>
      {remove.error && <ErrorState error={remove.error} />}
    </aside>
  );
}
