const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Bytes in the largest unit that leaves a number of one and more: `12.5 MiB`. */
export function bytes(number: number): string {
  const step = number < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(number) / 10));
  const value = number / 2 ** (10 * step);
  return `${value >= 100 || step === 0 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)} ${UNITS[step] ?? ""}`;
}

/** A whole number with spaces between its thousands. */
export function count(number: number): string {
  return number.toLocaleString("en-GB").replaceAll(",", "\u202f");
}

/** Milliseconds as a person reads them: `< 0.1 ms`, `0.4 ms`, `120 ms`, `2.5 s`. */
export function took(milliseconds: number): string {
  if (milliseconds < 0.1) return "< 0.1 ms";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
