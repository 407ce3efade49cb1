import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useState } from "react";

interface NumberFieldProps extends Omit<NumberInputProps, "value" | "onChange" | "defaultValue"> {
  /** Null while what is typed is no number. */
  value: number | null;
  onChange: (value: number | null) => void;
}

/** An input for a number. What is on its way to be one, such as `-` or `0.`, stays as it is typed. */
export function NumberField({ value, onChange, ...props }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | number>(value ?? "");
  const [told, setTold] = useState(value);
  // Somebody else set it, for example a button that goes back to the default.
  if (value !== told) {
    setTold(value);
    setTyped(value ?? "");
  }
  const type = (next: string | number) => {
    const number = next === "" || !Number.isFinite(Number(next)) ? null : Number(next);
    setTyped(next);
    setTold(number);
    onChange(number);
  };
  return <NumberInput hideControls {...props} value={typed} onChange={type} />;
}
