import type { ComponentProps } from "react";
import { PASSWORD_HINT } from "~/lib/forms";
import { TextField } from "./Field";

/** A password that is chosen now: what it must be like is said, and the browser offers to make one. */
export function NewPasswordField({
  label = "Password",
  ...props
}: Omit<ComponentProps<typeof TextField>, "label" | "type" | "autoComplete" | "hint"> & { label?: string }) {
  return (
    <TextField label={label} type="password" autoComplete="new-password" hint={PASSWORD_HINT} {...props} />
  );
}
