import { Group, Input, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text, TextInput, Textarea } from "@mantine/core";

import { fieldErrorWithin, type ApiProblem } from "../../api/problem";
import type { PolicyTemplates } from "../../api/types";
import { Section } from "../../components/Section";
import { capitalised } from "../../components/severity";
import { durationWords } from "../../components/time";
import { withMetric, type PolicyForm } from "./policy-form";
import { noDataChoice } from "./words";
import classes from "./Policies.module.css";

const comparators: PolicyForm["comparator"][] = [">", ">=", "<", "<=", "==", "!="];

interface PolicyFieldsProps {
  form: PolicyForm;
  templates: PolicyTemplates;
  problem: ApiProblem | null;
  thresholdError: string | null;
  onChange: (form: PolicyForm) => void;
}

/** The inputs of a custom policy. */
export function PolicyFields({ form, templates, problem, thresholdError, onChange }: PolicyFieldsProps) {
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
          <div>
            <Input.Label labelElement="div" id="severity-label" display="block" mb={2}>
              Severity
            </Input.Label>
            <SegmentedControl
              aria-labelledby="severity-label"
              data={templates.severities.map((severity) => ({ value: severity, label: capitalised(severity) }))}
              value={form.severity}
              onChange={(severity) => onChange({ ...form, severity: severity })}
            />
          </div>
          <Switch label="Enabled" checked={form.enabled} onChange={(event) => onChange({ ...form, enabled: event.currentTarget.checked })} />
        </Stack>
      </Section>
      <RuleFields form={form} templates={templates} problem={problem} thresholdError={thresholdError} onChange={onChange} />
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
        </Stack>
      </Section>
    </Stack>
  );
}

/** Metric, comparator, threshold, how long it must hold, and for how long nothing may be measured. */
function RuleFields({ form, templates, problem, thresholdError, onChange }: PolicyFieldsProps) {
  const choice = templates.templates.find(({ metric }) => metric === form.metric);
  return (
    <Section title="Rule">
      <Group gap="sm" align="flex-start">
        <Select
          label="Metric"
          className={classes.metric}
          data={templates.templates.map(({ metric, title }) => ({ value: metric, label: title }))}
          value={form.metric}
          allowDeselect={false}
          onChange={(metric) => metric && onChange(withMetric(form, metric, templates.templates))}
        />
        <Select
          label="Comparator"
          w={110}
          data={comparators}
          value={form.comparator}
          allowDeselect={false}
          error={fieldErrorWithin(problem, "template.comparator")}
          onChange={(comparator) => comparator && onChange({ ...form, comparator })}
        />
        <NumberInput
          label="Threshold"
          w={130}
          suffix={choice?.unit ? ` ${choice.unit}` : ""}
          hideControls
          value={form.threshold ?? ""}
          error={thresholdError ?? fieldErrorWithin(problem, "template.threshold")}
          onChange={(value) => onChange({ ...form, threshold: typeof value === "number" ? value : null })}
        />
      </Group>
      <Text size="sm" c="dimmed" mt={6}>
        {choice?.description}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="md">
        <Select
          label="Fires after"
          description="How long it must hold without a break."
          data={withOwn(templates.durations, form.for).map((duration) => ({ value: duration, label: capitalised(durationWords(duration)) }))}
          value={form.for}
          allowDeselect={false}
          error={fieldErrorWithin(problem, "for")}
          onChange={(duration) => duration && onChange({ ...form, for: duration })}
        />
        <Select
          label="Keep firing without data for"
          description="While nothing is measured at all; then resolved as no data."
          data={withOwn(templates.no_data_holds, form.no_data_hold).map((hold) => ({ value: hold, label: noDataChoice(hold) }))}
          value={form.no_data_hold}
          allowDeselect={false}
          error={fieldErrorWithin(problem, "no_data_hold")}
          onChange={(hold) => hold && onChange({ ...form, no_data_hold: hold })}
        />
      </SimpleGrid>
    </Section>
  );
}

/** What is offered, and what a policy has that is not. */
function withOwn(offered: string[], own: string): string[] {
  return offered.includes(own) ? offered : [...offered, own];
}
