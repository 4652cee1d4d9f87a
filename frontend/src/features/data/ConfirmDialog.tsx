import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "~/api/client";
import { uploadQuery } from "~/api/queries";
import type { Bill, Decision, Upload } from "~/api/types";
import { monthLabel } from "~/lib/dates";
import { Amount, Delta } from "~/ui/Amount";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ErrorState } from "~/ui/States";

/** A bill for a month that already has one: old beside new, then the person decides. */
export function ConfirmDialog({
  upload,
  open,
  onClose,
}: {
  upload: Upload;
  open: boolean;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: (decision: Decision) =>
      call(
        api.POST("/v1/uploads/{uploadId}/confirm", {
          params: { path: { uploadId: upload.id } },
          body: { decision },
        }),
      ),
    onSuccess: (answer) => {
      client.setQueryData(uploadQuery(upload.id).queryKey, answer);
      void client.invalidateQueries({ queryKey: uploadQuery(upload.id).queryKey });
      onClose();
    },
  });
  const replacing = upload.bills.filter((bill) => bill.replaces);
  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={replacing.length === 1 ? "You already have this bill" : "You already have these bills"}
      actions={
        <>
          <Button disabled={confirm.isPending} onClick={() => confirm.mutate("separate")}>
            Keep as a separate source
          </Button>
          <Button variant="primary" busy={confirm.isPending} onClick={() => confirm.mutate("replace")}>
            {replacing.length === 1 ? "Replace it" : "Replace them"}
          </Button>
        </>
      }
    >
      <p>
        Replacing switches to the new figures; the old ones stay in the history. Kept as a separate source,
        the new file only cross-checks: no total changes.
      </p>
      <div className="mt-4 max-h-72 overflow-y-auto">
        <table className="w-full">
          <thead>
            <tr className="border-b border-line text-[13px] text-ink-3 *:py-2 *:font-medium">
              <th scope="col" className="text-start">
                Bill
              </th>
              <th scope="col" className="text-end">
                Now
              </th>
              <th scope="col" className="text-end">
                With this file
              </th>
            </tr>
          </thead>
          <tbody>{replacing.flatMap((bill) => billRows(bill))}</tbody>
        </table>
      </div>
      {confirm.error && (
        <div className="mt-3">
          <ErrorState error={confirm.error} />
        </div>
      )}
    </Dialog>
  );
}

function billRows(bill: Bill) {
  const before = bill.replaces?.totals ?? [];
  const currencies = [...new Set([...before, ...bill.totals].map((total) => total.currency))].sort();
  return currencies.map((currency) => {
    const was = before.find((total) => total.currency === currency)?.BilledCost ?? "0";
    const becomes = bill.totals.find((total) => total.currency === currency)?.BilledCost ?? "0";
    return (
      <tr key={bill.versionId + currency} className="border-b border-line align-top last:border-0 *:py-2.5">
        <th scope="row" className="pe-3 text-start font-medium text-ink">
          {monthLabel(bill.billingPeriod)}
          <span className="block text-[13px] font-normal text-ink-3">
            {bill.provider} · {bill.payer}
          </span>
        </th>
        <td className="ps-3 text-end">
          <Amount value={was} currency={currency} code />
        </td>
        <td className="ps-3 text-end">
          <Amount value={becomes} currency={currency} code />
          <span className="block text-[13px]">
            <Delta before={was} now={becomes} currency={currency} than="now" />
          </span>
        </td>
      </tr>
    );
  });
}
