import { Stack, Switch, TextInput, Textarea } from "@mantine/core";

import { fieldErrorWithin, type ApiProblem } from "../../api/problem";
import type { PolicyTemplates } from "../../api/types";
import { Section } from "../../components/Section";
import { LabelFields } from "./LabelFields";
import type { PolicyForm } from "./policy-form";
import { RuleFields } from "./RuleFields";
import { SeverityField } from "./SeverityField";
import classes from "./Policies.module.css";

interface PolicyFieldsProps {
  form: PolicyForm;
  templates: PolicyTemplates;
  problem: ApiProblem | null;
  exprError: string | null;
  thresholdError: string | null;
  expr: string | null;
  onChange: (form: PolicyForm) => void;
}

/** The inputs of a custom policy. */
export function PolicyFields(props: PolicyFieldsProps) {
  const { form, templates, problem, onChange } = props;
  const error = (field: string) => fieldErrorWithin(problem, field);
  return (
    <Stack gap="md" className={classes.fields}>
      <Section title="Policy">
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Becomes the label alertname of its alerts."
            required
            withAsterisk={false}
            value={form.name}
            error={error("name")}
            onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          />
          <SeverityField value={form.severity} offered={templates.severities} error={error("severity")} onChange={(severity) => onChange({ ...form, severity })} />
          <Switch label="Enabled" checked={form.enabled} onChange={(event) => onChange({ ...form, enabled: event.currentTarget.checked })} />
        </Stack>
      </Section>
      <RuleFields {...props} />
      <Section title="Message" lead="What is in double braces is filled in for each alert.">
        <Stack gap="md">
          <TextInput label="Summary" value={form.summary} error={error("summary")} onChange={(event) => onChange({ ...form, summary: event.currentTarget.value })} />
          <Textarea
            label="Details"
            autosize
            minRows={2}
            maxRows={10}
            value={form.details}
            error={error("details")}
            onChange={(event) => onChange({ ...form, details: event.currentTarget.value })}
          />
          <TextInput
            label="Runbook"
            description="A link to what to do."
            placeholder="https://"
            type="url"
            value={form.runbook}
            error={error("runbook")}
            onChange={(event) => onChange({ ...form, runbook: event.currentTarget.value })}
          />
        </Stack>
      </Section>
      <Section title="More" lead="All of this is optional.">
        <Stack gap="md">
          <TextInput label="Alias" description="What people here call it." value={form.alias} error={error("alias")} onChange={(event) => onChange({ ...form, alias: event.currentTarget.value })} />
          <TextInput label="Description" description="What it watches and why." value={form.description} error={error("description")} onChange={(event) => onChange({ ...form, description: event.currentTarget.value })} />
          <LabelFields rows={form.labels} error={error("labels")} onChange={(labels) => onChange({ ...form, labels })} />
        </Stack>
      </Section>
    </Stack>
  );
}
