/** Numbers with their units, as the server's words name them; `ratio` is shown as hundredths. */

/** What stands behind a number of a unit, and what it is multiplied by before it is shown. */
const signs: Record<string, { sign: string; scale?: number }> = {
  percent: { sign: "%" },
  ratio: { sign: "%", scale: 100 },
  bytes: { sign: "B" },
  seconds: { sign: "s" },
  per_second: { sign: "/s" },
  bytes_per_second: { sign: "B/s" },
  cores: { sign: "cores" },
  gibibytes: { sign: "GiB" },
  mebibytes: { sign: "MiB" },
  megabytes_per_second: { sign: "MB/s" },
  megabits_per_second: { sign: "Mbit/s" },
};

/** What a number of this unit is multiplied by when it is shown or typed. */
export function scaleOf(unit: string): number {
  return signs[unit]?.scale ?? 1;
}

/** What stands behind a number of this unit, or the empty string. */
export function signOf(unit: string): string {
  return signs[unit]?.sign ?? "";
}

/** How many digits of a number are shown: enough to compare it with a threshold. */
const USUAL_DIGITS = 3;

/** A value as it is measured, for reading: `93.2 %`, `1.5 GiB`, `12 M`; with more significant digits where it takes them. */
export function showValue(value: number, unit: string, digits = USUAL_DIGITS): string {
  const sign = signOf(unit);
  if (unit === "bytes" || unit === "bytes_per_second") return prefixed(value, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi"], sign, digits);
  if (unit === "" || unit === "number") return prefixed(value, 1000, ["", "k", "M", "G", "T", "P"], "", digits);
  return `${rounded(value * scaleOf(unit), digits)}${sign && ` ${sign}`}`;
}

function prefixed(value: number, step: number, prefixes: string[], sign: string, digits: number): string {
  let scaled = value;
  let index = 0;
  // 999.7 is shown as 1000, which is 1 k.
  while (Math.abs(Number(rounded(scaled, digits))) >= step && index < prefixes.length - 1) {
    scaled /= step;
    index += 1;
  }
  const unit = `${prefixes[index] ?? ""}${sign}`;
  return `${rounded(scaled, digits)}${unit && ` ${unit}`}`;
}

/** Whole numbers stay whole. */
function rounded(value: number, digits: number): string {
  const whole = Math.max(1, Math.ceil(Math.log10(Math.abs(value) + 1)));
  return whole >= digits ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
}

/** A whole number with spaces between its thousands. */
export function grouped(number: number): string {
  return number.toLocaleString("en-GB").replaceAll(",", "\u202f");
}
