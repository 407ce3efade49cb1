import type { Condition, Operator, Receiver, ReceiverDraft } from "../../../api/types";

/** One row of the conditions as it stands in the form. */
export interface ConditionRow {
  /** Tells rows apart while they are moved and removed; never sent. */
  key: number;
  label: string;
  operator: Operator;
  values: string[];
  /** A value that is typed but not confirmed yet; it counts, so that it is not lost. */
  typed: string;
}

/** The receiver as it stands in the form. */
export interface ReceiverForm {
  name: string;
  /** The typed token, or null to keep the saved one. */
  token: string | null;
  channels: string[];
  /** A channel that is typed but not added yet. */
  typedChannel: string;
  /** Whether there are conditions at all. */
  filtered: boolean;
  conditions: ConditionRow[];
  enabled: boolean;
}

/** The form of a receiver that does not exist yet. Off until somebody turns it on, after the test message. */
export function newForm(name: string): ReceiverForm {
  return { name, token: "", channels: [], typedChannel: "", filtered: false, conditions: [], enabled: false };
}

/** The form of a saved receiver, unchanged. */
export function formOf(receiver: Receiver): ReceiverForm {
  return {
    name: receiver.name,
    token: null,
    channels: receiver.channels.map((channel) => channel.name),
    typedChannel: "",
    filtered: receiver.conditions !== null,
    conditions: (receiver.conditions ?? []).map((condition, key) => ({ ...condition, key, typed: "" })),
    enabled: receiver.enabled,
  };
}

/** What would be saved now, with everything that is typed but not confirmed. */
export function draftOf(form: ReceiverForm): ReceiverDraft {
  return {
    name: form.name.trim(),
    token: form.token,
    channels: withTyped(form.channels, form.typedChannel),
    conditions: form.filtered ? form.conditions.map(conditionOf) : null,
    enabled: form.enabled,
  };
}

/** The condition a row stands for. */
export function conditionOf(row: ConditionRow): Condition {
  const values = needsValues(row.operator) ? withValue(row.values, row.typed) : [];
  return { label: row.label.trim(), operator: row.operator, values };
}

/** Whether saving would change something. */
export function isChanged(form: ReceiverForm, base: ReceiverForm): boolean {
  return JSON.stringify(draftOf(form)) !== JSON.stringify(draftOf(base));
}

/** Whether an operator compares with values. */
export function needsValues(operator: Operator): boolean {
  return operator === "In" || operator === "NotIn";
}

/**
 * What two spellings of one channel have in common: `#a`, `A` and ` a ` are one, and an id is itself.
 * The server decides in the same way; here it answers before anything is sent.
 */
export function channelKey(channel: string): string {
  const text = channel.trim();
  return isId(text) ? text : text.replace(/^#+/, "").trimStart().toLowerCase();
}

/** A channel as the list shows it: names with a `#`, ids as they are. */
export function shownChannel(channel: string): string {
  const key = channelKey(channel);
  return isId(key) ? key : `#${key}`;
}

/** Whether this is Slack's id of a channel, a direct message or a person: capitals with a digit, and no `#`. */
function isId(text: string): boolean {
  return /^[CGDUW](?=.*[0-9])[A-Z0-9]{8,}$/.test(text);
}

/** Adds what is typed to the list, or says why not. */
export function addChannel(form: ReceiverForm, limit: number): { form: ReceiverForm } | { refusal: string } {
  const key = channelKey(form.typedChannel);
  if (key === "") return { refusal: "Enter a channel, such as #alerts." };
  if (form.channels.some((channel) => channelKey(channel) === key)) {
    return { refusal: `${shownChannel(form.typedChannel)} is already in the list.` };
  }
  if (form.channels.length >= limit) {
    return { refusal: `There can be at most ${limit} channels. Remove one first, or add another receiver.` };
  }
  return { form: { ...form, channels: [...form.channels, shownChannel(form.typedChannel)], typedChannel: "" } };
}

/** Appends an empty condition. */
export function addCondition(form: ReceiverForm): ReceiverForm {
  const key = 1 + Math.max(-1, ...form.conditions.map((row) => row.key));
  const row: ConditionRow = { key, label: "", operator: "In", values: [], typed: "" };
  return { ...form, conditions: [...form.conditions, row] };
}

/** Changes one condition. Another label takes other values, so they go. */
export function changeCondition(form: ReceiverForm, key: number, patch: Partial<ConditionRow>): ReceiverForm {
  const conditions = form.conditions.map((row) => {
    if (row.key !== key) return row;
    const isOtherLabel = patch.label !== undefined && patch.label !== row.label && row.label !== "";
    return isOtherLabel ? { ...row, values: [], typed: "", ...patch } : { ...row, ...patch };
  });
  return { ...form, conditions };
}

/** Takes one condition away. */
export function removeCondition(form: ReceiverForm, key: number): ReceiverForm {
  return { ...form, conditions: form.conditions.filter((row) => row.key !== key) };
}

/** Switches the conditions on, with a first empty row to fill, or off. What was there comes back. */
export function setFiltered(form: ReceiverForm, filtered: boolean): ReceiverForm {
  const next = { ...form, filtered };
  return filtered && form.conditions.length === 0 ? addCondition(next) : next;
}

function withTyped(channels: string[], typed: string): string[] {
  return typed.trim() === "" ? channels : [...channels, shownChannel(typed)];
}

function withValue(values: string[], typed: string): string[] {
  return typed.trim() === "" || values.includes(typed) ? values : [...values, typed];
}
