import { Button, Select, Stack, Switch, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { useEditBuiltin } from "../../api/policies";
import { asProblem, fieldErrorWithin } from "../../api/problem";
import type { BuiltinFacts, BuiltinUpdate, Policy, PolicyTemplates, Severity } from "../../api/types";
import { NumberField } from "../../components/NumberField";
import { Saving } from "../../components/Saving";
import { Section } from "../../components/Section";
import { capitalised } from "../../components/severity";
import { durationWords } from "../../components/time";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { PolicyPreview } from "./PolicyPreview";
import { SeverityField } from "./SeverityField";
import { scaleOf, showValue, signOf } from "./units";
import { usePolicyPreview } from "./use-policy-preview";
import classes from "./Policies.module.css";

/** What can be changed about a built-in policy, as it stands in the form. */
interface BuiltinForm {
  /** As shown: hundredths for a ratio. Null while the input is empty, and for a policy without. */
  threshold: number | null;
  for: string;
  severity: Severity;
  enabled: boolean;
}

interface BuiltinEditorProps {
  saved: Policy;
  facts: BuiltinFacts;
  templates: PolicyTemplates;
}

/** A built-in policy: its threshold, duration, severity and switch, each with how it comes. */
export function BuiltinEditor({ saved, facts, templates }: BuiltinEditorProps) {
  const [base, setBase] = useState(saved);
  const [form, setForm] = useState(() => formOf(saved));
  const [range, setRange] = useState("24h");
  const save = useEditBuiltin();
  const navigate = useNavigate();
  const problem = save.error ? asProblem(save.error) : null;
  const unit = facts.threshold?.unit ?? "";
  const lacks = facts.threshold !== null && form.threshold === null;
  const changed = JSON.stringify(form) !== JSON.stringify(formOf(base));
  const threshold = form.threshold === null ? null : measured(form.threshold, unit);
  const asked = lacks ? null : { builtin: { id: saved.id, threshold }, for: form.for, range };
  const { preview, error } = usePolicyPreview(asked);
  const edit = (patch: Partial<BuiltinForm>) => {
    if (save.isError) save.reset();
    setForm({ ...form, ...patch });
  };
  const leave = () => void navigate({ ...paths.policy(saved.id), ignoreBlocker: true });
  const submit = (over: Policy) => {
    if (lacks) return;
    const update: BuiltinUpdate = { threshold, for: form.for, severity: form.severity, enabled: form.enabled, version: over.version };
    save.mutate(
      { id: saved.id, update },
      {
        onSuccess: () => {
          toastDone("Updated. It is evaluated with the change from now on.");
          leave();
        },
      },
    );
  };
  const start = (policy: Policy) => {
    save.reset();
    setBase(policy);
    setForm(formOf(policy));
  };
  const errorAt = (field: string) => fieldErrorWithin(problem, field);
  const comes: BuiltinForm = { ...facts.default, threshold: facts.threshold && shown(facts.threshold.default, unit) };
  return (
    <>
      <div className={classes.editor}>
        <Section
          title="What can be changed"
          lead="Everything else comes with Larum, and newer versions may bring it better."
          aside={<Button variant="subtle" size="compact-sm" disabled={JSON.stringify(form) === JSON.stringify(comes)} onClick={() => edit(comes)}>Use all defaults</Button>}
        >
          <Stack gap="md">
            {facts.threshold && (
              <NumberField
                label={`Threshold (${facts.threshold.comparator})`}
                description={<Default is={form.threshold === comes.threshold}>{showValue(facts.threshold.default, unit)}</Default>}
                w={{ base: "100%", sm: 260 }}
                suffix={signOf(unit) && ` ${signOf(unit)}`}
                value={form.threshold}
                error={lacks ? "Enter a number." : errorAt("threshold")}
                onChange={(value) => edit({ threshold: value })}
              />
            )}
            <Select
              label="Fires after"
              description={<Default is={form.for === comes.for}>{durationWords(comes.for)}</Default>}
              w={{ base: "100%", sm: 260 }}
              data={[...new Set([...templates.durations, comes.for, form.for])].map((span) => ({ value: span, label: capitalised(durationWords(span)) }))}
              value={form.for}
              allowDeselect={false}
              error={errorAt("for")}
              onChange={(span) => span && edit({ for: span })}
            />
            <div>
              <SeverityField value={form.severity} offered={offered(templates.severities, comes.severity)} error={errorAt("severity")} onChange={(severity) => edit({ severity })} />
              <Text size="xs" c="dimmed" mt={4}><Default is={form.severity === comes.severity}>{comes.severity}</Default></Text>
            </div>
            <Switch label="Enabled" checked={form.enabled} onChange={(event) => edit({ enabled: event.currentTarget.checked })} />
          </Stack>
        </Section>
        <PolicyPreview preview={asked ? preview : null} error={error} range={range} onRange={setRange} showsExpr nothingYet="Enter a threshold to see when it would have fired." />
      </div>
      <Saving what="policy" base={base} changed={changed} save={save} onSave={submit} onTheirs={start} onCancel={leave} />
    </>
  );
}

/** How it comes, and whether it was changed. */
function Default({ is, children }: { is: boolean; children: ReactNode }) {
  return is ? <>As it comes.</> : <>Changed: it comes as {children}.</>;
}

function offered(severities: Severity[], comes: Severity): Severity[] {
  return severities.includes(comes) ? severities : [...severities, comes];
}

function formOf(policy: Policy): BuiltinForm {
  const threshold = policy.builtin?.threshold;
  return { threshold: threshold ? shown(threshold.value, threshold.unit) : null, for: policy.for, severity: policy.severity, enabled: policy.enabled };
}

/** Digits enough for any threshold, and without those that binary fractions leave behind. */
const DIGITS = 12;

function shown(value: number, unit: string): number {
  return Number((value * scaleOf(unit)).toPrecision(DIGITS));
}

function measured(value: number, unit: string): number {
  return Number((value / scaleOf(unit)).toPrecision(DIGITS));
}
