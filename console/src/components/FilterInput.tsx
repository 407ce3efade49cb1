import { Kbd, TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface FilterInputProps extends Omit<TextInputProps, "value" | "onChange"> {
  label: string;
  /** The text in the address. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** Milliseconds of quiet before what is typed goes into the address. */
const QUIET = 250;

/** The text filter of a page; `/` focuses it, Esc empties it. */
export function FilterInput({ label, value, onChange, ...props }: FilterInputProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [told, setTold] = useState(value);
  const tell = useDebouncedCallback((text: string) => {
    setTold(text || undefined);
    onChange(text || undefined);
  }, QUIET);
  // The address changed by itself, for example by the browser's back button.
  if (value !== told) {
    setTold(value);
    setTyped(value ?? "");
  }
  const type = (text: string) => {
    setTyped(text);
    tell(text);
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      data-filter
      leftSection={<IconSearch size={16} />}
      rightSection={typed === "" ? <Kbd size="xs" aria-hidden visibleFrom="sm">/</Kbd> : null}
      w={{ base: "100%", sm: 260 }}
      {...props}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") type("");
      }}
    />
  );
}
