import { TextInput, type TextInputProps } from "@mantine/core";

interface MomentInputProps extends Omit<TextInputProps, "value" | "onChange"> {
  label: string;
  /** Milliseconds since the Unix epoch; null while there is none. */
  at: number | null;
  onChange: (at: number) => void;
}

/** The last time that can be typed: without it browsers ask for years of six digits. */
const LAST = "9999-12-31T23:59";

/** A local time that can be typed or picked. */
export function MomentInput({ label, at, onChange, ...props }: MomentInputProps) {
  return (
    <TextInput
      type="datetime-local"
      size="xs"
      aria-label={label}
      {...props}
      max={LAST}
      value={at === null ? "" : localText(at)}
      onChange={({ currentTarget }) => {
        const typed = Date.parse(currentTarget.value);
        if (!Number.isNaN(typed)) onChange(typed);
      }}
    />
  );
}

/** A time as the input takes it, such as `2026-11-22T16:30`; empty where there is no such local time. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? "" : local.toISOString().slice(0, LAST.length);
}
