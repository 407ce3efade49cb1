import { Button, Group, Select, SimpleGrid, Text } from "@mantine/core";
import { IconCode, IconTemplate } from "@tabler/icons-react";

import { fieldErrorWithin, type ApiProblem } from "../../api/problem";
import type { PolicyTemplates, TemplateChoice } from "../../api/types";
import { NumberField } from "../../components/NumberField";
import { PromqlField } from "../../components/promql/PromqlField";
import { Section } from "../../components/Section";
import { durationWords } from "../../components/time";
import { DurationSelect } from "./DurationSelect";
import { asPromql, targetOf, withExpr, withMetric, type PolicyForm } from "./policy-form";
import { TargetFields } from "./TargetFields";
import { noDataChoice } from "./words";
import classes from "./Policies.module.css";

interface RuleFieldsProps {
  form: PolicyForm;
  templates: PolicyTemplates;
  problem: ApiProblem | null;
  /** What is wrong with the expression as it is typed. */
  exprError: string | null;
  thresholdError: string | null;
  /** What the template as it is now is in PromQL; null while nobody knows. */
  expr: string | null;
  onChange: (form: PolicyForm) => void;
}

/** What is evaluated: a template, or free PromQL; and for how long it must hold. */
export function RuleFields(props: RuleFieldsProps) {
  const { form, problem, exprError, expr, onChange } = props;
  const isFree = form.how === "expr";
  const other = isFree ? (
    <Button variant="subtle" size="compact-sm" leftSection={<IconTemplate size={15} />} onClick={() => onChange({ ...form, how: "template" })}>
      Use a template
    </Button>
  ) : (
    <Button variant="subtle" size="compact-sm" leftSection={<IconCode size={15} />} disabled={expr === null} onClick={() => expr !== null && onChange(asPromql(form, expr))}>
      Edit as PromQL
    </Button>
  );
  return (
    <Section title="Rule" aside={other}>
      {isFree ? (
        <PromqlField value={form.expr} lead="PromQL. Every series of its answer is an alert." error={fieldErrorWithin(problem, "expr") ?? exprError} onChange={(next) => onChange(withExpr(form, next))} />
      ) : (
        <TemplateFields {...props} />
      )}
      <DurationFields {...props} />
    </Section>
  );
}

/** Target, metric, comparator and threshold. */
function TemplateFields({ form, templates, problem, thresholdError, onChange }: RuleFieldsProps) {
  const choice = templates.templates.find(({ metric }) => metric === form.metric);
  const target = targetOf(form, templates.templates);
  const comparators = choice?.comparators ?? [];
  return (
    <>
      <TargetFields form={form} templates={templates.templates} error={fieldErrorWithin(problem, "template.target")} onChange={onChange} />
      <Group gap="sm" align="flex-start" mt="md">
        <Select
          label="Metric"
          className={classes.metric}
          data={templates.templates.filter((one) => one.target === target).map(({ metric, title, unit }) => ({ value: metric, label: titled(title, unit) }))}
          value={form.metric}
          allowDeselect={false}
          error={fieldErrorWithin(problem, "template.metric")}
          maxDropdownHeight={320}
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
        <NumberField
          label="Threshold"
          w={140}
          suffix={choice?.unit ? ` ${choice.unit}` : ""}
          value={form.threshold}
          error={thresholdError ?? fieldErrorWithin(problem, "template.threshold")}
          onChange={(threshold) => onChange({ ...form, threshold })}
        />
      </Group>
      <Text size="sm" c="dimmed" mt={6}>
        {choice?.description}
      </Text>
    </>
  );
}

/** A metric with its unit, where its name does not say it. */
function titled(title: string, unit: TemplateChoice["unit"]): string {
  return unit === "" ? title : `${title} (${unit})`;
}

/** How long it must hold, how long it goes on, and for how long nothing may be measured. */
function DurationFields({ form, templates, problem, onChange }: RuleFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} mt="md">
      <DurationSelect
        label="Fires after"
        description="How long it must hold without a break."
        offered={templates.durations}
        value={form.for}
        error={fieldErrorWithin(problem, "for")}
        onChange={(span) => onChange({ ...form, for: span })}
      />
      <DurationSelect
        label="Keep firing for"
        description="How long after it holds no more, against flapping."
        offered={templates.durations}
        words={(span) => (span === "0s" ? "not at all" : durationWords(span))}
        value={form.keep_firing_for}
        error={fieldErrorWithin(problem, "keep_firing_for")}
        onChange={(span) => onChange({ ...form, keep_firing_for: span })}
      />
      <DurationSelect
        label="Keep firing without data for"
        description="While nothing is measured; then resolved as no data."
        offered={templates.no_data_holds}
        words={noDataChoice}
        value={form.no_data_hold}
        error={fieldErrorWithin(problem, "no_data_hold")}
        onChange={(hold) => onChange({ ...form, no_data_hold: hold })}
      />
    </SimpleGrid>
  );
}
