const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A moment at the axis of a chart that spans so many milliseconds: the day at midnight, seconds where they matter. */
export function timeWords(time: number, span: number): string {
  const date = new Date(time);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (span > 12 * HOUR && isMidnight) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  const seconds = span < 5 * MINUTE ? ({ second: "2-digit" } as const) : {};
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...seconds });
}
