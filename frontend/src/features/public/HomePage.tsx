import { useEffect } from "react";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { sum } from "~/lib/decimal";
import { exactAmount } from "~/lib/money";
import { ButtonLink } from "~/ui/Button";
import { Icon } from "~/ui/Icon";

export function Component() {
  useEffect(() => {
    document.title = "Outlay: your cloud bills, to the last digit";
  }, []);
  return (
    <>
      <Hero />
      <Promises />
      <Questions />
      <Closing />
    </>
  );
}

function Hero() {
  const signedIn = useSession().status === "in";
  return (
    <section className="ledger border-b border-line">
      <div className="mx-auto grid max-w-[1160px] items-center gap-x-16 gap-y-12 px-4 py-16 sm:px-8 lg:grid-cols-[1.05fr_1fr] lg:py-24">
        <div>
          <h1
            tabIndex={-1}
            className="font-serif text-[40px] leading-[1.1] font-medium text-balance sm:text-[54px]"
          >
            Your cloud bills, to the last digit.
          </h1>
          <p className="mt-5 max-w-[52ch] text-[17px] text-ink-2">
            Outlay reads the bills your providers send, keeps every amount exact, and shows who spent what,
            where and when. The totals on screen are the totals on the invoice.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <ButtonLink to={signedIn ? paths.overview : paths.signUp} variant="primary" size="lg">
              {signedIn ? "Open your bills" : "Start with a bill"}
            </ButtonLink>
            <ButtonLink to={paths.howItWorks} size="lg">
              How it works
            </ButtonLink>
          </div>
          <p className="mt-4 text-[13px] text-ink-3">
            No bill at hand? A sample one is a click away, and leaves with one.
          </p>
        </div>
        <Account />
      </div>
    </section>
  );
}

const LINES: [string, string][] = [
  ["Amazon Elastic Compute Cloud", "18204.3194021875"],
  ["Amazon Relational Database Service", "9871.0044160000"],
  ["Amazon Simple Storage Service", "4410.9277312500"],
  ["AWS Lambda", "1216.4800009300"],
  ["Credits", "-812.6551180000"],
];

/** A page of the account book. Its total is computed, as the product does it. */
function Account() {
  const total = sum(LINES.map(([, amount]) => amount));
  return (
    <div className="card relative overflow-hidden shadow-pop">
      <div aria-hidden="true" className="absolute inset-y-0 start-6 w-1 border-x border-margin" />
      <div className="flex items-baseline justify-between border-b border-line py-4 ps-11 pe-6">
        <span className="font-serif text-lg font-medium">October</span>
        <span className="text-[13px] text-ink-3">Example, effective cost, USD</span>
      </div>
      <table className="w-full">
        <caption className="sr-only">An example of an exact account</caption>
        <tbody>
          {LINES.map(([name, amount]) => (
            <tr key={name} className="border-b border-line">
              <th scope="row" className="py-2.5 ps-11 pe-3 text-start font-normal text-ink-2">
                {name}
              </th>
              <td className="py-2.5 pe-6 text-end font-mono text-[13px] whitespace-nowrap">
                <Digits amount={amount} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t-3 border-double border-line-strong">
            <th scope="row" className="py-4 ps-11 text-start font-semibold">
              Total
            </th>
            <td className="py-4 pe-6 text-end font-mono text-[15px] font-semibold whitespace-nowrap">
              <Digits amount={total} />
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="flex items-center gap-2 bg-good-soft py-3 ps-11 pe-6 text-[13px] text-good">
        <Icon name="check" /> Rows read, rows kept, total equal to the source
      </p>
    </div>
  );
}

/** Money as people read it, with the digits that others round away. */
function Digits({ amount }: { amount: string }) {
  const text = exactAmount(amount);
  const cents = text.indexOf(".") + 3;
  return (
    <>
      {text.slice(0, cents)}
      <span className="hidden text-ink-3 sm:inline">{text.slice(cents)}</span>
    </>
  );
}

const PROMISES: [string, string][] = [
  [
    "Exact, or it says so",
    "Amounts are decimals from the file to the screen, never floating point. What a bill holds beyond eighteen digits is counted and kept with the upload, so that stored plus residue is the source.",
  ],
  [
    "A bill is replaced whole",
    "A corrected bill is read beside the old one, checked, and switched in one step. You see July as it was or July as it is, never a mix of both.",
  ],
  [
    "One currency at a time",
    "Dollars and euros are never added up. Each currency has its own totals, with the digits that belong to it.",
  ],
  [
    "Errors with an address",
    "A file that cannot be read is refused with file, row, column and the rule it broke. Until it is fixed, no total moves.",
  ],
];

function Promises() {
  return (
    <section className="mx-auto w-full max-w-[1160px] px-4 py-16 sm:px-8 lg:py-20">
      <h2 className="font-serif text-3xl font-medium">Numbers you can put your name to</h2>
      <dl className="mt-8 grid gap-x-16 sm:grid-cols-2">
        {PROMISES.map(([title, text]) => (
          <div key={title} className="border-t border-line-strong py-6">
            <dt className="text-[17px] font-semibold">{title}</dt>
            <dd className="mt-1.5 max-w-[56ch] text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const QUESTIONS: [string, string][] = [
  [
    "What did we spend this month, and is it more than last?",
    "Overview: month to date against the same days before, in words and figures.",
  ],
  [
    "Which team's databases grew in Frankfurt?",
    "Explorer: group by two dimensions or tags, filter, and share the address.",
  ],
  ["Why did the total for July change?", "Data: every delivery is kept, with its totals before and after."],
];

function Questions() {
  return (
    <section className="border-y border-line bg-surface">
      <div className="mx-auto w-full max-w-[1160px] px-4 py-16 sm:px-8 lg:py-20">
        <h2 className="font-serif text-3xl font-medium">Questions it answers on the first day</h2>
        <ul className="mt-8">
          {QUESTIONS.map(([question, answer]) => (
            <li key={question} className="grid gap-x-12 gap-y-1 border-t border-line py-5 lg:grid-cols-2">
              <p className="font-serif text-xl font-medium">{question}</p>
              <p className="text-ink-2">{answer}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Closing() {
  return (
    <section className="mx-auto w-full max-w-[1160px] px-4 py-16 sm:px-8 lg:py-20">
      <div className="border-s-3 border-double border-margin ps-6 sm:ps-10">
        <h2 className="font-serif text-3xl font-medium">It runs in your own AWS account</h2>
        <p className="mt-3 max-w-[60ch] text-ink-2">
          One deployment, no servers: nothing runs when nobody looks. FOCUS 1.0 to 1.4 and the bills of AWS,
          Azure, Google Cloud and OCI are read as they come, as CSV or Parquet, plain or compressed.
        </p>
        <div className="mt-6 flex flex-wrap gap-3">
          <ButtonLink to={paths.contact} size="lg">
            Talk to us
          </ButtonLink>
        </div>
      </div>
    </section>
  );
}
