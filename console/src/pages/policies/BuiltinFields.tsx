import { Button, Stack, Switch, Text } from "@mantine/core";
import type { ReactNode } from "react";

import type { BuiltinFacts, PolicyTemplates } from "../../api/types";
import { NumberField } from "../../components/NumberField";
import { Section } from "../../components/Section";
import { durationWords } from "../../components/time";
import { defaultsOf, lacksThreshold, type BuiltinForm } from "./builtin-form";
import { DurationSelect } from "./DurationSelect";
import { SeverityField } from "./SeverityField";
import { showValue, signOf } from "../../components/units";
import { withOwn } from "./words";

interface BuiltinFieldsProps {
  form: BuiltinForm;
  facts: BuiltinFacts;
  templates: PolicyTemplates;
  errorAt: (field: string) => string | null;
  onChange: (form: BuiltinForm) => void;
}

const WIDTH = { base: "100%", sm: 260 };

/** The inputs of a built-in policy, each with how it comes. */
export function BuiltinFields({ form, facts, templates, errorAt, onChange }: BuiltinFieldsProps) {
  const comes = defaultsOf(facts);
  const isDefault = JSON.stringify(form) === JSON.stringify({ ...form, ...comes });
  const sign = signOf(facts.threshold?.unit ?? "");
  return (
    <Section
      title="What can be changed"
      lead="Everything else comes with Larum and may get better with its next version."
      aside={<Button variant="subtle" size="compact-sm" disabled={isDefault} onClick={() => onChange(comes)}>Use all defaults</Button>}
    >
      <Stack gap="md">
        {facts.threshold && (
          <NumberField
            label={`Threshold (${facts.threshold.comparator})`}
            description={<Default is={form.threshold === comes.threshold}>{showValue(facts.threshold.default, facts.threshold.unit)}</Default>}
            w={WIDTH}
            suffix={sign && ` ${sign}`}
            value={form.threshold}
            error={lacksThreshold(form, facts) ? "Enter a number." : errorAt("threshold")}
            onChange={(threshold) => onChange({ ...form, threshold })}
          />
        )}
        <DurationSelect
          label="Fires after"
          description={<Default is={form.for === comes.for}>{durationWords(comes.for)}</Default>}
          w={WIDTH}
          offered={withOwn(templates.durations, comes.for)}
          value={form.for}
          error={errorAt("for")}
          onChange={(span) => onChange({ ...form, for: span })}
        />
        <div>
          <SeverityField value={form.severity} offered={withOwn(templates.severities, comes.severity)} error={errorAt("severity")} onChange={(severity) => onChange({ ...form, severity })} />
          <Text size="xs" c="dimmed" mt={4}><Default is={form.severity === comes.severity}>{comes.severity}</Default></Text>
        </div>
        <Switch label="Enabled" checked={form.enabled} onChange={(event) => onChange({ ...form, enabled: event.currentTarget.checked })} />
      </Stack>
    </Section>
  );
}

/** How it comes, and whether it was changed. */
function Default({ is, children }: { is: boolean; children: ReactNode }) {
  return is ? <>The default.</> : <>Changed; the default is {children}.</>;
}
