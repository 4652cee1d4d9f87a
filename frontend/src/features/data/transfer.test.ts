import { expect, it } from "vitest";
import { contentTypeOf } from "./transfer";

it("knows billing files by their names, and trusts the browser for the rest", () => {
  expect(contentTypeOf({ name: "focus.CSV", type: "application/vnd.ms-excel" })).toBe("text/csv");
  expect(contentTypeOf({ name: "focus.csv.gz", type: "" })).toBe("application/gzip");
  expect(contentTypeOf({ name: "part-0.parquet", type: "" })).toBe("application/vnd.apache.parquet");
  expect(contentTypeOf({ name: "bill.xyz", type: "text/plain" })).toBe("text/plain");
  expect(contentTypeOf({ name: "bill", type: "" })).toBe("application/octet-stream");
});
