import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { api } from "./client";
import { noticeQuery } from "./notice";

const asked = vi.spyOn(api, "GET");
afterEach(() => asked.mockReset());

const answer = (status: number, body: object) => {
  const response = Response.json(body, { status });
  asked.mockResolvedValue((status < 400 ? { data: body, response } : { error: body, response }) as never);
};
const told = () => new QueryClient().fetchQuery(noticeQuery());

it("tells the notice, also while something does not work", async () => {
  answer(200, { status: "ok", notice: "Planned work on Sunday" });
  expect(await told()).toBe("Planned work on Sunday");
  answer(503, { status: "degraded", notice: "We are on it" });
  expect(await told()).toBe("We are on it");
});

it("tells nothing where there is none", async () => {
  answer(200, { status: "ok", notice: null });
  expect(await told()).toBeNull();
  answer(429, { title: "Too many requests", status: 429 });
  expect(await told()).toBeNull();
});
