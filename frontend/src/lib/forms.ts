import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { ApiError } from "~/api/problem";

export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Puts the API's complaints beside their fields. Gives back the error where some belong to none. */
export function placeErrors<T extends FieldValues>(
  error: unknown,
  fields: readonly Path<T>[],
  setError: UseFormSetError<T>,
): unknown {
  if (!(error instanceof ApiError) || !error.problem.errors?.length) return error;
  let left: unknown = null;
  for (const { pointer, detail } of error.problem.errors) {
    const field = fields.find((name) => pointer === `/${name}`);
    if (field) setError(field, { message: detail }, { shouldFocus: left === null });
    else left = error;
  }
  return left;
}
