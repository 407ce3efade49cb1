import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** The name of the eye: without the word of the input, so that each has one name. */
const EYE = { "aria-label": "Show or hide what is typed" };

/** An input for a secret: dots, with an eye that shows them. */
export function SecretInput(props: PasswordInputProps) {
  // Mantine marks a wrong input for screen readers everywhere but here.
  return <PasswordInput visibilityToggleButtonProps={EYE} aria-invalid={props.error ? true : undefined} {...props} />;
}
