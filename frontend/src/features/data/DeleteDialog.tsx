import { useMutation } from "@tanstack/react-query";
import { api, call } from "~/api/client";
import { billsChanged } from "~/api/query-client";
import type { Upload } from "~/api/types";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ErrorState } from "~/ui/States";

export function DeleteDialog({
  upload,
  onClose,
  onDeleted,
}: {
  upload: Upload | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const remove = useMutation({
    mutationFn: (uploadId: string) =>
      call(api.DELETE("/v1/uploads/{uploadId}", { params: { path: { uploadId } } })),
    onSuccess: () => {
      billsChanged();
      onClose();
      onDeleted?.();
    },
  });
  const counts = upload?.bills.some((bill) => bill.state === "active");
  return (
    <Dialog
      open={upload !== null}
      onClose={onClose}
      title="Delete this upload?"
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" busy={remove.isPending} onClick={() => upload && remove.mutate(upload.id)}>
            {remove.isPending ? "Deleting…" : "Delete"}
          </Button>
        </>
      }
    >
      <p className="break-words">
        <strong className="font-medium text-ink">{upload?.fileName}</strong>{" "}
        {counts
          ? "and its bills leave every total. Months that only it covered will be empty."
          : "leaves the list. No total changes, because none of its bills counts."}
      </p>
      {remove.error && (
        <div className="mt-3">
          <ErrorState error={remove.error} />
        </div>
      )}
    </Dialog>
  );
}
