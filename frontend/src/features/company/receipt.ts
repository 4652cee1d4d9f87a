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

/** Title and first words of a receipt; without a stage it is not read yet. */
export function headlineOf(stage: Stage | undefined): [title: string, text: string] {
  if (!stage) return ["Receipt of a deletion", "It says how far the deletion of a company has come."];
  if (stage === "finished")
    return [
      "Nothing is left",
      "Everything of the company was removed. This receipt is what remains: ids and counts.",
    ];
  return [
    "The company is being deleted",
    "Nobody is let in any more. This page follows by itself; keep its address, which is shown only now, and come back whenever you like.",
  ];
}
