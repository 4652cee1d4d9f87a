import { QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test } from "vitest";
import { EVERYBODYS, forgetAnswers, queryClient } from "./query-client";
import { signedOut } from "./session";

afterEach(() => queryClient.clear());

test("what somebody was told is forgotten when they are out", () => {
  queryClient.setQueryData(["account"], { name: "Ada" });
  signedOut();
  expect(queryClient.getQueryData(["account"])).toBeUndefined();
});

test("what everybody is told stays, and is not broken off on its way", async () => {
  let answer: (text: string) => void = () => {};
  const options = {
    queryKey: ["outside"],
    queryFn: () => new Promise<string>((resolve) => (answer = resolve)),
    meta: EVERYBODYS,
  };
  const seen: (string | undefined)[] = [];
  const unsubscribe = new QueryObserver(queryClient, options).subscribe(({ data }) => seen.push(data));
  // Nobody was signed in: that becomes known while the page asks.
  signedOut();
  forgetAnswers();
  answer("a provider");
  await expect.poll(() => seen.at(-1)).toBe("a provider");
  expect(queryClient.getQueryData(["outside"])).toBe("a provider");
  unsubscribe();
});
