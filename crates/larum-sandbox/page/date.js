// `<!date^…>`: a moment in the viewer's own zone.

import { element, link } from "./dom.js";

const DAY = 86_400_000;
const form = (options) => (moment) => new Intl.DateTimeFormat("en", options).format(moment);

const DATE = form({ dateStyle: "long" });
const SHORT = form({ month: "short", day: "numeric", year: "numeric" });
const LONG = form({ weekday: "long", month: "long", day: "numeric", year: "numeric" });

const TOKENS = {
  date_num: form({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: DATE,
  date_slash: form({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: SHORT,
  date_long: LONG,
  date_pretty: pretty(DATE),
  date_short_pretty: pretty(SHORT),
  date_long_pretty: pretty(LONG),
  time: form({ hour: "numeric", minute: "2-digit" }),
  time_secs: form({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** The node of `!date^unix^format^link`, or of its fallback when it is none. */
export function date(target, fallback) {
  const [, seconds, pattern, url] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds ?? "") || Number.isNaN(moment.getTime()) || !pattern) return document.createTextNode(fallback);
  const text = pattern.replace(/\{([a-z_]+)\}/g, (whole, name) => TOKENS[name]?.(moment) ?? whole);
  const made = element("time", { datetime: moment.toISOString(), title: fallback }, text);
  return url ? link(url, made) : made;
}

/** The clock time of a message's ts, and its full form for the tooltip. */
export function stamp(ts) {
  const moment = new Date(Number(ts) * 1000);
  const full = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" }).format(moment);
  return element("time", { datetime: moment.toISOString(), title: full, class: "stamp" }, TOKENS.time(moment));
}

/** The heading of the day a message was posted on. */
export function dayOf(ts) {
  return TOKENS.date_long_pretty(new Date(Number(ts) * 1000));
}

function pretty(otherwise) {
  return (moment) => {
    const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
    const days = Math.round((midnight(moment) - midnight(new Date())) / DAY);
    return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? otherwise(moment);
  };
}

function ago(moment) {
  const seconds = Math.round((moment.getTime() - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, "second");
}
