const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds as the two largest units: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < MINUTE) return `${Math.floor(length / 1000)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return pair(length, HOUR, "h", MINUTE, "min");
  return pair(length, DAY, "d", HOUR, "h");
}

function pair(length: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((length % large) / small);
  const first = `${Math.floor(length / large)} ${largeUnit}`;
  return rest === 0 ? first : `${first} ${rest} ${smallUnit}`;
}

/** A moment seen from `now`, both in milliseconds: `just now`, `5 min ago`, `in 2 h`. */
export function relative(moment: number, now: number): string {
  const distance = now - moment;
  if (Math.abs(distance) < 10_000) return "just now";
  return distance > 0 ? `${duration(distance)} ago` : `in ${duration(-distance)}`;
}

/** How long it is until a moment that was promised, both in milliseconds: `in 8 s`, `now` when it has come. */
export function until(moment: number, now: number): string {
  return moment > now ? `in ${duration(moment - now)}` : "now";
}

/** Milliseconds that something took: `< 0.1 ms`, `0.4 ms`, `120 ms`, `2.5 s`. */
export function took(milliseconds: number): string {
  if (milliseconds < 0.1) return "< 0.1 ms";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A Prometheus duration in words: `5m` as `5 minutes`, `0s` as `at once`. Unknown texts stay as they are. */
export function durationWords(text: string): string {
  const match = /^(\d+)(s|m|h|d)$/.exec(text);
  if (!match?.[1] || !match[2]) return text;
  const count = Number(match[1]);
  if (count === 0) return "at once";
  const unit = { s: "second", m: "minute", h: "hour", d: "day" }[match[2]] ?? "";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const units = [["d", DAY], ["h", HOUR], ["m", MINUTE], ["s", 1000], ["ms", 1]] as const;

const SPAN = /^(?=\d)(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** A duration as Prometheus writes it, such as `1h30m`, in milliseconds; null for any other text. */
export function parseSpan(text: string): number | null {
  const counts = SPAN.exec(text.trim())?.slice(1);
  if (!counts) return null;
  return [365 * DAY, 7 * DAY, DAY, HOUR, MINUTE, 1000, 1].reduce((sum, unit, index) => sum + unit * Number(counts[index] ?? 0), 0);
}

/** The opposite of `parseSpan`, in days and what is smaller: `7d`, `1h30m`, `0s`. */
export function spanText(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds));
  const parts = units.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? `${count}${unit}` : "";
  });
  return parts.join("") || "0s";
}

/** A moment on the clock, with its date where that is another than now's: `03:12:05`, `21 Nov, 03:12:05`. */
export function clock(moment: number, now: number): string {
  const [at, today] = [new Date(moment), new Date(now)];
  const time = at.toLocaleTimeString("en-GB");
  if (at.toDateString() === today.toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

/** A time as Larum writes it in a sentence: RFC 3339, in UTC. */
export const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A moment in full, in local time and UTC, for a tooltip. */
export function exact(moment: number): string {
  const local = new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
  const utc = new Date(moment).toISOString().slice(0, 19).replace("T", " ");
  return `${local} · ${utc} UTC`;
}
