import type { BuiltinFacts, BuiltinUpdate, Policy, Severity } from "../../api/types";
import { scaleOf } from "../../components/units";

/** What can be changed about a built-in policy, as it stands in the form. */
export interface BuiltinForm {
  /** As shown: hundredths for a ratio. Null while the input holds no number, and for a policy without a threshold. */
  threshold: number | null;
  for: string;
  severity: Severity;
  enabled: boolean;
}

/** The form of a built-in policy as it is stored. */
export function builtinFormOf({ builtin, for: span, severity, enabled }: Policy): BuiltinForm {
  return { threshold: shown(builtin?.threshold?.value, builtin?.threshold?.unit), for: span, severity, enabled };
}

/** The form of a built-in policy as it comes with Larum. */
export function defaultsOf({ default: comes, threshold }: BuiltinFacts): BuiltinForm {
  return { ...comes, threshold: shown(threshold?.default, threshold?.unit) };
}

/** Whether the form lacks a threshold that the policy has. */
export function lacksThreshold(form: BuiltinForm, facts: BuiltinFacts): boolean {
  return facts.threshold !== null && form.threshold === null;
}

/** What is saved over a version of the policy. */
export function builtinUpdateOf(form: BuiltinForm, facts: BuiltinFacts, version: number): BuiltinUpdate {
  return { ...form, threshold: measuredThreshold(form, facts), version };
}

/** The threshold in the unit in which it is measured. */
export function measuredThreshold({ threshold }: BuiltinForm, facts: BuiltinFacts): number | null {
  return threshold === null ? null : exactly(threshold / scaleOf(facts.threshold?.unit ?? ""));
}

function shown(value: number | undefined, unit = ""): number | null {
  return value === undefined ? null : exactly(value * scaleOf(unit));
}

/** Digits enough for any threshold, and without those that binary fractions leave behind. */
const DIGITS = 12;

function exactly(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
