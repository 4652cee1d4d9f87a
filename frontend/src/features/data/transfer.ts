import { useSyncExternalStore } from "react";
import { api, call } from "~/api/client";
import type { Upload, UploadCreated } from "~/api/types";

/**
 * Files on their way from this browser to storage. Kept outside of the pages, so that looking at
 * something else does not stop a transfer.
 */
export type Transfer = {
  file: File;
  put: UploadCreated["put"];
  sent: number;
  state: "sending" | "sent" | "failed";
  problem: string | null;
};

const transfers = new Map<string, Transfer>();
const listeners = new Set<() => void>();

export function useTransfer(uploadId: string): Transfer | undefined {
  return useSyncExternalStore(subscribe, () => transfers.get(uploadId));
}

/** Declares the file, then sends it in the background. Gives back the upload to watch. */
export async function startUpload(file: File, sample: boolean): Promise<Upload> {
  const { upload, put } = await call(
    api.POST("/v1/uploads", {
      body: {
        fileName: file.name,
        sizeBytes: file.size,
        contentType: contentTypeOf(file),
        ...(sample ? { sample } : {}),
      },
    }),
  );
  send(upload.id, file, put);
  return upload;
}

/** Sends the same file to the same place again: the address stays good for a quarter of an hour. */
export function sendAgain(uploadId: string): void {
  const transfer = transfers.get(uploadId);
  if (transfer) send(uploadId, transfer.file, transfer.put);
}

export function contentTypeOf(file: { name: string; type: string }): string {
  const ending = /\.(csv|gz|parquet|zst|zip)$/i.exec(file.name)?.[1]?.toLowerCase();
  if (ending) return TYPES[ending] ?? "application/octet-stream";
  return file.type || "application/octet-stream";
}

const TYPES: Record<string, string> = {
  csv: "text/csv",
  gz: "application/gzip",
  parquet: "application/vnd.apache.parquet",
  zst: "application/zstd",
  zip: "application/zip",
};

/** Headers that the browser sets by itself and scripts may not. */
const BROWSERS_OWN = new Set(["content-length", "host"]);

// XMLHttpRequest, not fetch: only it tells how much has been sent.
function send(uploadId: string, file: File, put: UploadCreated["put"]): void {
  const update = (change: Partial<Transfer>) => {
    const before = transfers.get(uploadId) ?? { file, put, sent: 0, state: "sending", problem: null };
    transfers.set(uploadId, { ...before, ...change });
    for (const listener of listeners) listener();
  };
  update({ sent: 0, state: "sending", problem: null });
  const request = new XMLHttpRequest();
  request.open(put.method, put.url);
  for (const [name, value] of Object.entries(put.headers)) {
    if (!BROWSERS_OWN.has(name.toLowerCase())) request.setRequestHeader(name, value);
  }
  request.upload.onprogress = ({ loaded }) => update({ sent: loaded });
  request.onload = () =>
    request.status < 300
      ? update({ sent: file.size, state: "sent" })
      : update({ state: "failed", problem: `The storage answered ${request.status}.` });
  request.onerror = () => update({ state: "failed", problem: "The connection broke." });
  request.send(file);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
