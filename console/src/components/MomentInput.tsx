import { TextInput, type TextInputProps } from "@mantine/core";

interface MomentInputProps extends Omit<TextInputProps, "value" | "onChange"> {
  label: string;
  /** Milliseconds since the Unix epoch; null while there is none. */
  at: number | null;
  onChange: (at: number) => void;
}

/** A local time that can be typed or picked. */
export function MomentInput({ label, at, onChange, ...props }: MomentInputProps) {
  const local = at === null ? "" : new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <TextInput
      type="datetime-local"
      size="xs"
      aria-label={label}
      {...props}
      value={local}
      onChange={({ currentTarget }) => {
        const typed = Date.parse(currentTarget.value);
        if (!Number.isNaN(typed)) onChange(typed);
      }}
    />
  );
}
