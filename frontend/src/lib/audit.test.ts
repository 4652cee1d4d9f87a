import { expect, it } from "vitest";
import type { AuditEntry } from "~/api/types";
import { actionText, auditFilter, changesOf, isFiltered } from "./audit";

const entry = (before: unknown, after: unknown) => ({ before, after }) as AuditEntry;

it("reads the filter of an address, the last day included", () => {
  const search = new URLSearchParams("action=uploads&actor=%20usr_1%20&from=2026-11-01&to=2026-11-30");
  expect(auditFilter(search)).toEqual({
    action: "uploads",
    actor: "usr_1",
    from: "2026-11-01T00:00:00Z",
    to: "2026-12-01T00:00:00Z",
  });
});

it("leaves out what is empty or no day", () => {
  const filter = auditFilter(new URLSearchParams("action=&from=yesterday&to=2026-02-30&other=1"));
  expect(filter).toEqual({});
  expect(isFiltered(filter)).toBe(false);
});

it("says actions in words", () => {
  expect(actionText("uploads.delete")).toBe("Uploads: delete");
  expect(actionText("auth.password-change")).toBe("Auth: password change");
  expect(actionText("login")).toBe("Login");
});

it("tells each changed field once, old and new", () => {
  expect(changesOf(entry({ role: "viewer", a: 1 }, { role: "admin", b: [true] }))).toEqual([
    { field: "role", before: "viewer", after: "admin" },
    { field: "a", before: "1", after: null },
    { field: "b", before: null, after: "[true]" },
  ]);
  expect(changesOf(entry(null, { bills: [{ a: 1 }, { a: 2 }] }))).toEqual([
    { field: "bills", before: null, after: "2 entries" },
  ]);
  expect(changesOf(entry(null, null))).toEqual([]);
});
