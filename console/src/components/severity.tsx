import { Dotted, type Tone } from "./Tag";

/** The colour of a severity label; an unknown word is grey, not an error. */
export function severityTone(severity: string): Tone {
  switch (severity) {
    case "critical":
      return "red";
    case "error":
      return "orange";
    case "warning":
      return "amber";
    case "info":
      return "blue";
    default:
      return "gray";
  }
}

/** The severity in words with its colour. */
export function Severity({ severity }: { severity: string }) {
  return <Dotted tone={severityTone(severity)}>{severityWord(severity)}</Dotted>;
}

/** A word of others is shown as they write it: `Critical` is not `critical`, and conditions tell them apart. */
export function severityWord(severity: string): string {
  if (severity === "") return "Not set";
  return severityTone(severity) === "gray" && severity !== "none" ? severity : capitalised(severity);
}

/** `warning` as `Warning`. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
