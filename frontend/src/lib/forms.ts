import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { ApiError } from "~/api/problem";

export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const PASSWORD_LENGTH = 12;

export const PASSWORD_HINT = `At least ${PASSWORD_LENGTH} characters. A few words are easier to remember than symbols.`;

/** What the API asks of a password, told before it is sent. */
export const NEW_PASSWORD = {
  required: "Choose a password.",
  minLength: { value: PASSWORD_LENGTH, message: `Use at least ${PASSWORD_LENGTH} characters.` },
};

/** Puts the API's complaints beside their fields. Gives back the error where some belong to none. */
export function placeErrors<T extends FieldValues>(
  error: unknown,
  fields: readonly Path<T>[],
  setError: UseFormSetError<T>,
): unknown {
  if (!(error instanceof ApiError) || !error.problem.errors?.length) return error;
  let left: unknown = null;
  for (const { pointer, detail } of error.problem.errors) {
    const field = fields.find((name) => {
      const place = `/${name.replaceAll(".", "/")}`;
      return pointer === place || pointer.startsWith(`${place}/`);
    });
    if (field) setError(field, { message: detail }, { shouldFocus: left === null });
    else left = error;
  }
  return left;
}
