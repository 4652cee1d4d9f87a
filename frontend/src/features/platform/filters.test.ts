import { expect, it } from "vitest";
import { companyFilter, logFilter, personFilter } from "./filters";

const of = (text: string) => new URLSearchParams(text);

it("reads what is looked for, and nothing that is not asked", () => {
  expect(companyFilter(of("search=%20Acme%20&standing=suspended"))).toEqual({
    search: "Acme",
    standing: "suspended",
  });
  expect(companyFilter(of("search=&standing=gone&x=1"))).toEqual({});
});

it("asks for an address alone", () => {
  expect(personFilter(of("search=ada@example.com&standing=active"))).toEqual({ email: "ada@example.com" });
  expect(personFilter(of("search=ada"))).toEqual({ search: "ada" });
});

it("reads the last hour from info on, unless asked otherwise", () => {
  const now = Date.UTC(2026, 10, 21, 12);
  expect(logFilter(of(""), now)).toEqual({
    level: "info",
    from: "2026-11-21T11:00:00.000Z",
    to: "2026-11-21T12:00:00.000Z",
  });
  expect(logFilter(of("level=error&hours=24&domain=auth&requestId=r1"), now)).toEqual({
    domain: "auth",
    requestId: "r1",
    level: "error",
    from: "2026-11-20T12:00:00.000Z",
    to: "2026-11-21T12:00:00.000Z",
  });
  expect(logFilter(of("level=loud&hours=-3"), now).level).toBe("info");
});
