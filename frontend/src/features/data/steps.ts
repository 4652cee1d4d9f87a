import type { Upload } from "~/api/types";

export const STEPS = ["Waiting for the file", "Reading", "Checking", "Switching", "Done"] as const;

export type StepState = "done" | "current" | "waiting" | "failed";

/** Where an upload stands among the steps. */
export function currentStep(upload: Upload): number {
  if (upload.status === "completed") return 4;
  switch (upload.stage) {
    case "reading":
      return 1;
    case "checking":
    case "needs-confirmation":
      return 2;
    case "switching":
      return 3;
    default:
      // A failure that no longer has a stage happened while reading, unless the file never came.
      return upload.status === "failed" && upload.failure ? 1 : 0;
  }
}

export function stepState(upload: Upload, step: number): StepState {
  const current = currentStep(upload);
  if (upload.status === "completed" || step < current) return "done";
  if (step > current) return "waiting";
  return upload.status === "failed" || upload.stage === "expired" ? "failed" : "current";
}

/** The state in a few words, as the history and the live region say it. */
export function statusText(upload: Upload): string {
  if (upload.status === "completed") return "Done";
  if (upload.status === "failed") return "Failed";
  if (upload.stage === "expired") return "Expired";
  if (upload.stage === "needs-confirmation") return "Needs your decision";
  return STEPS[currentStep(upload)] ?? "Waiting";
}

export function statusTone(upload: Upload): "good" | "bad" | "warn" | "info" {
  if (upload.status === "completed") return "good";
  if (upload.status === "failed" || upload.stage === "expired") return "bad";
  return upload.stage === "needs-confirmation" ? "warn" : "info";
}
