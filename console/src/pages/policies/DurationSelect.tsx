import { Select, type SelectProps } from "@mantine/core";

import { capitalised } from "../../components/severity";
import { durationWords } from "../../components/time";
import { withOwn } from "./words";

interface DurationSelectProps extends Omit<SelectProps, "value" | "onChange" | "data"> {
  /** Durations as Prometheus writes them. */
  offered: string[];
  value: string;
  /** What a duration is called here, if not as ever. */
  words?: (span: string) => string;
  onChange: (span: string) => void;
}

/** A duration to choose, among them the one that the policy has. */
export function DurationSelect({ offered, value, words = durationWords, onChange, ...props }: DurationSelectProps) {
  return (
    <Select
      {...props}
      data={withOwn(offered, value).map((span) => ({ value: span, label: capitalised(words(span)) }))}
      value={value}
      allowDeselect={false}
      onChange={(span) => span && onChange(span)}
    />
  );
}
