import type { MatchOperator, Silence, SilenceDraft, SilenceMatcher, SilencePreviewDraft } from "../../api/types";
import { matchersText } from "../../components/matchers";
import { parseSpan } from "../../components/time";

/** One matcher as it stands in the form. */
export interface MatcherRow extends SilenceMatcher {
  /** Tells rows apart while they are removed; never sent. */
  key: number;
}

/** When a silence ends: after a while, or at a moment in milliseconds. */
export type End = { span: string } | { at: number };

/** The silence as it stands in the form. */
export interface SilenceForm {
  how: "rows" | "text";
  rows: MatcherRow[];
  text: string;
  /** Milliseconds; null is now, or as it was for a silence that is edited. */
  start: number | null;
  end: End;
  comment: string;
  /** Who asks for it, where nobody logs in; empty elsewhere. */
  author: string;
}

/** How long a silence can be made with one press. */
export const spans: { span: string; word: string }[] = [
  { span: "30m", word: "30 minutes" },
  { span: "2h", word: "2 hours" },
  { span: "8h", word: "8 hours" },
  { span: "1d", word: "1 day" },
  { span: "1w", word: "1 week" },
];

/** How long a silence lasts unless somebody says otherwise. */
const USUAL: End = { span: "2h" };

/** A form without matchers. */
export function newSilenceForm(): SilenceForm {
  return { how: "rows", rows: [rowOf({ name: "", operator: "=", value: "" }, 0)], text: "", start: null, end: USUAL, comment: "", author: "" };
}

/** A form whose matchers are written. */
export function formOfText(text: string): SilenceForm {
  return { ...newSilenceForm(), how: "text", text };
}

/** A form for just the alerts with these labels; the name of the alert comes first. */
export function formOfLabels(labels: Record<string, string>): SilenceForm {
  const names = Object.keys(labels).sort((first, second) => rank(first) - rank(second) || (first < second ? -1 : 1));
  const matchers = names.map((name): SilenceMatcher => ({ name, operator: "=", value: labels[name] ?? "" }));
  return { ...newSilenceForm(), rows: matchers.map(rowOf) };
}

function rank(name: string): number {
  return name === "alertname" ? 0 : 1;
}

/** The form of a silence as it is. */
export function formOfSilence(silence: Silence): SilenceForm {
  const start = silence.state === "pending" ? Date.parse(silence.starts_at) : null;
  return { how: "rows", rows: silence.matchers.map(rowOf), text: "", start, end: { at: Date.parse(silence.ends_at) }, comment: silence.comment, author: "" };
}

/** The form of a silence to make again: from now on, for the usual time. */
export function formOfAgain(silence: Silence): SilenceForm {
  return { ...formOfSilence(silence), start: null, end: USUAL };
}

function rowOf(matcher: SilenceMatcher, key: number): MatcherRow {
  return { ...matcher, key };
}

/** The form with one more row. */
export function addRow(form: SilenceForm): SilenceForm {
  const key = 1 + Math.max(-1, ...form.rows.map((row) => row.key));
  return { ...form, rows: [...form.rows, rowOf({ name: "", operator: "=", value: "" }, key)] };
}

/** The form with one row changed. */
export function changeRow(form: SilenceForm, key: number, patch: Partial<SilenceMatcher>): SilenceForm {
  return { ...form, rows: form.rows.map((row) => (row.key === key ? { ...row, ...patch } : row)) };
}

/** The form without a row. */
export function removeRow(form: SilenceForm, key: number): SilenceForm {
  return { ...form, rows: form.rows.filter((row) => row.key !== key) };
}

/** The form with its matchers as a text; rows that say nothing are left out. */
export function asText(form: SilenceForm): SilenceForm {
  return { ...form, how: "text", text: matchersText(form.rows.filter(({ name, value }) => name !== "" || value !== "")) };
}

/** The form with these matchers in rows. */
export function asRows(form: SilenceForm, matchers: SilenceMatcher[]): SilenceForm {
  return { ...form, how: "rows", rows: matchers.map(rowOf) };
}

/** The matchers as they are sent. */
export function matchersOfForm(form: SilenceForm): SilencePreviewDraft {
  if (form.how === "text") return { text: form.text };
  return { matchers: form.rows.map(({ name, operator, value }) => ({ name, operator, value })) };
}

/** Whether there is enough to ask what would be hidden. */
export function isAskable(form: SilenceForm): boolean {
  if (form.how === "text") return form.text.trim() !== "";
  return form.rows.length > 0 && form.rows.every(({ name }) => name.trim() !== "");
}

/** What would be saved now, in place of a silence or as a new one; `now` in milliseconds. */
export function draftOfForm(form: SilenceForm, saved: Silence | null, now: number): SilenceDraft {
  // A silence that has not begun keeps its beginning unless it is told one.
  const start = form.start ?? (saved?.state === "pending" ? now : null);
  const end = "span" in form.end ? { duration: form.end.span } : { ends_at: new Date(form.end.at).toISOString() };
  return { ...matchersOfForm(form), starts_at: start === null ? null : new Date(start).toISOString(), ...end, comment: form.comment, ...(form.author.trim() === "" ? {} : { created_by: form.author.trim() }) };
}

/** What makes a silence the same again. */
export function draftOfSilence(silence: Silence): SilenceDraft {
  const { matchers, starts_at, ends_at, comment, created_by } = silence;
  return { matchers, starts_at, ends_at, comment, created_by };
}

/** When a silence would end that is made at `now`, in milliseconds. */
export function endOf(form: SilenceForm, now: number): number {
  if ("at" in form.end) return form.end.at;
  return Math.max(form.start ?? now, now) + (parseSpan(form.end.span) ?? 0);
}

/** Nine o'clock on the next Monday after `now`, by the clock of whoever looks. */
export function nextMonday(now: number): number {
  const monday = new Date(now);
  monday.setHours(9, 0, 0, 0);
  const days = (8 - monday.getDay()) % 7;
  monday.setDate(monday.getDate() + (days === 0 && monday.getTime() <= now ? 7 : days));
  return monday.getTime();
}

/** What each operator asks of a label's value. */
export const operators: { value: MatchOperator; label: string }[] = [
  { value: "=", label: "= is" },
  { value: "!=", label: "!= is not" },
  { value: "=~", label: "=~ matches" },
  { value: "!~", label: "!~ does not match" },
];
