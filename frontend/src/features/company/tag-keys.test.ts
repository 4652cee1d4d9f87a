import { expect, it } from "vitest";
import { keysOf } from "./tag-keys";

it("reads one key of each line, and each once", () => {
  expect(keysOf(" user:team \n\nenv\r\nenv\n")).toEqual(["user:team", "env"]);
  expect(keysOf("\n ")).toEqual([]);
});
