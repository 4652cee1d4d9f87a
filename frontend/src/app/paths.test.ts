import { expect, it } from "vitest";
import { paths, safeNext } from "./paths";

it("escapes what goes into an address", () => {
  expect(paths.upload("upl_a/b")).toBe("/data/upl_a%2Fb");
  expect(paths.signInThen("/explore?a=1&b=2")).toBe("/sign-in?next=%2Fexplore%3Fa%3D1%26b%3D2");
});

it("follows only our own addresses after signing in", () => {
  expect(safeNext("/explore?a=1")).toBe("/explore?a=1");
  for (const foreign of [null, "", "https://evil.example", "//evil.example", "/\\evil.example"]) {
    expect(safeNext(foreign)).toBe(paths.start);
  }
});
