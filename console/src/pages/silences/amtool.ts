import type { Silence } from "../../api/types";
import { matcherText } from "../../components/matchers";
import { spanText } from "../../components/time";

/** The command that makes such a silence by Alertmanager's own client, at a server of this address. */
export function amtoolCommand(silence: Silence, url: string): string {
  const matchers = silence.matchers.map(matcherText).map(shellQuoted);
  const flags = [`--alertmanager.url=${shellQuoted(url)}`, `--author=${shellQuoted(silence.created_by)}`, `--comment=${shellQuoted(silence.comment)}`];
  return ["amtool silence add", ...flags, ...timesOf(silence), ...matchers].join(" ");
}

/** One that is over is made for as long again. */
function timesOf({ state, starts_at, ends_at }: Silence): string[] {
  if (state === "expired") return [`--duration=${spanText(Math.max(1000, Date.parse(ends_at) - Date.parse(starts_at)))}`];
  return [...(state === "pending" ? [`--start=${starts_at}`] : []), `--end=${ends_at}`];
}

/** A text as a shell takes it, whatever is in it (POSIX, "Shell Command Language", 2.2.2). */
function shellQuoted(text: string): string {
  return /^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
