import type { OffboardingReceipt } from "~/api/types";

type Stage = OffboardingReceipt["stage"];

/** The way to nothing, in order. */
export const STEPS: [Exclude<Stage, "finished">, string][] = [
  ["requested", "Asked for; nobody is let in"],
  ["people", "Memberships, sign-ins and accounts"],
  ["objects", "Files, rows and results"],
  ["items", "Entries of the database"],
  ["settling", "Waiting for what was under way, and looking once more"],
];

/** Which step is under way; past the last one where all is done. */
export function stepOf(stage: Stage): number {
  const index = STEPS.findIndex(([step]) => step === stage);
  return index < 0 ? STEPS.length : index;
}
