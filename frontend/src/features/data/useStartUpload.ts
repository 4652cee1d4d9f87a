import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { uploadQuery } from "~/api/queries";
import { paths } from "~/app/paths";
import { startUpload } from "./transfer";

const SAMPLE = "/sample/outlay-sample-focus.csv.gz";

/** Starts an upload and goes to watch it. Without a file it is the sample bill, by the same way. */
export function useStartUpload() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (file: File | "sample") =>
      file === "sample" ? startUpload(await sampleBill(), true) : startUpload(file, false),
    onSuccess: async (upload) => {
      client.setQueryData(uploadQuery(upload.id).queryKey, upload);
      void client.invalidateQueries({ queryKey: ["uploads", "list"] });
      await navigate(paths.upload(upload.id));
    },
  });
}

async function sampleBill(): Promise<File> {
  const response = await fetch(SAMPLE);
  const type = response.headers.get("content-type") ?? "";
  // A server that answers unknown files with the app's page has no sample.
  if (!response.ok || type.includes("text/html"))
    throw new Error("This installation comes without the sample bill.");
  return new File([await response.blob()], "outlay-sample-focus.csv.gz");
}
