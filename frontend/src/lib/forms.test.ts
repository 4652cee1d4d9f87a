import { expect, it } from "vitest";
import { ApiError } from "~/api/problem";
import { placeErrors } from "./forms";

const invalid = (...pointers: string[]) =>
  new ApiError({
    type: "https://outlay.dev/problems/invalid",
    title: "Not valid",
    status: 400,
    detail: "",
    requestId: "",
    errors: pointers.map((pointer) => ({ pointer, detail: "is wrong" })),
  });

function placed(error: unknown) {
  const places: string[] = [];
  const left = placeErrors<{ name: string; terms: { rate: string } }>(
    error,
    ["name", "terms.rate"],
    (place) => {
      places.push(String(place));
    },
  );
  return { places, left };
}

it("puts a complaint beside its field, also beside one within another", () => {
  const { places, left } = placed(invalid("/name", "/terms/rate"));
  expect(places).toEqual(["name", "terms.rate"]);
  expect(left).toBeNull();
});

it("gives back what belongs to no field", () => {
  const stray = invalid("/name", "/terms");
  expect(placed(stray)).toEqual({ places: ["name"], left: stray });
  const offline = new Error("offline");
  expect(placed(offline).left).toBe(offline);
});
