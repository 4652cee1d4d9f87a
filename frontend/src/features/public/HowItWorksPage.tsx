import { paths } from "~/app/paths";
import { ButtonLink } from "~/ui/Button";
import { useTitle } from "~/ui/Page";

const STEPS: { title: string; text: string; detail: string }[] = [
  {
    title: "A bill arrives",
    text: "Drop a billing file into the browser. It goes straight to storage, whatever its size, and its progress stays on screen.",
    detail:
      "FOCUS 1.0 to 1.4 and the bills of AWS, Azure, Google Cloud and OCI; CSV or Parquet; plain, gzip, zstd or zip.",
  },
  {
    title: "Reading",
    text: "Every row becomes a FOCUS 1.4 row, the open standard for cloud costs, with its amounts as exact decimals.",
    detail: "A row that breaks a rule stops the file and is named: file, row, column, rule.",
  },
  {
    title: "Checking",
    text: "Rows read must equal rows kept, and totals must equal the source, per currency and billing period.",
    detail: "If the bill replaces one you already have, you see both totals first, and you decide.",
  },
  {
    title: "Switching",
    text: "The new version goes live in one step. Whoever looks sees the old month or the new one, never half of each.",
    detail: "Earlier versions stay in the history.",
  },
  {
    title: "Answering",
    text: "Overview and Explorer read a daily roll-up of each bill, so that a year of costs is there in a moment.",
    detail: "Every question is an address: copy it, send it, come back to it.",
  },
];

export function Component() {
  useTitle("How it works");
  return (
    <div className="mx-auto w-full max-w-[860px] px-4 py-16 sm:px-8">
      <h1 tabIndex={-1} className="font-serif text-4xl font-medium">
        How a bill becomes an answer
      </h1>
      <p className="mt-4 max-w-[60ch] text-[17px] text-ink-2">
        Five steps, the same for a file of a hundred rows and one of a hundred million.
      </p>
      <ol className="mt-10 border-s-3 border-double border-margin">
        {STEPS.map((step, i) => (
          <li
            key={step.title}
            className="grid gap-x-8 gap-y-1 border-b border-line py-6 ps-6 last:border-0 sm:grid-cols-[10rem_1fr] sm:ps-10"
          >
            <h2 className="font-serif text-xl font-medium">
              <span className="me-3 font-mono text-sm text-ink-3">{i + 1}</span>
              {step.title}
            </h2>
            <div>
              <p>{step.text}</p>
              <p className="mt-1 text-ink-3">{step.detail}</p>
            </div>
          </li>
        ))}
      </ol>
      <section className="mt-12">
        <h2 className="font-serif text-2xl font-medium">Who can see it</h2>
        <p className="mt-2 max-w-[64ch] text-ink-2">
          Your people, and nobody else. Each company's bills are kept apart twice: by the code, and by the
          cloud's own access rules, which refuse a request for another company's data even if the code were
          wrong.
        </p>
      </section>
      <div className="mt-10 flex flex-wrap gap-3">
        <ButtonLink to={paths.signUp} variant="primary" size="lg">
          Try it with a sample bill
        </ButtonLink>
        <ButtonLink to={paths.contact} size="lg">
          Ask us something
        </ButtonLink>
      </div>
    </div>
  );
}
