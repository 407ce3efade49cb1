import { Button, Text, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

import { fieldError, fieldErrorWithin, type ApiProblem } from "../../api/problem";
import { usePreviewSilence } from "../../api/silences";
import { Section } from "../../components/Section";
import { toastFailed } from "../../components/toast";
import { MatcherFields } from "./MatcherFields";
import { addRow, asRows, asText, changeRow, matchersOfForm, removeRow, type SilenceForm } from "./silence-form";

interface MatchersSectionProps {
  form: SilenceForm;
  problem: ApiProblem | null;
  onChange: (change: (now: SilenceForm) => SilenceForm) => void;
}

/** What a silence hides: matchers that must all match, in rows or as Alertmanager writes them. */
export function MatchersSection({ form, problem, onChange }: MatchersSectionProps) {
  return (
    <Section title="Matchers" lead="An alert is silenced while all of them match its labels." aside={<Switch form={form} onChange={onChange} />}>
      {form.how === "text" ? <AsText form={form} problem={problem} onChange={onChange} /> : <AsRows form={form} problem={problem} onChange={onChange} />}
    </Section>
  );
}

function AsRows({ form, problem, onChange }: MatchersSectionProps) {
  return (
    <>
      {form.rows.map((row, index) => (
        <MatcherFields
          key={row.key}
          row={row}
          index={index}
          nameError={fieldErrorWithin(problem, `matchers[${index}].name`) ?? fieldError(problem, `matchers[${index}]`)}
          valueError={fieldErrorWithin(problem, `matchers[${index}].value`)}
          onChange={(patch) => onChange((now) => changeRow(now, row.key, patch))}
          onRemove={() => onChange((now) => removeRow(now, row.key))}
        />
      ))}
      <WholeError problem={problem} />
      <Button variant="default" size="xs" mt="sm" leftSection={<IconPlus size={14} />} aria-label="Add matcher" onClick={() => onChange(addRow)}>
        Add
      </Button>
    </>
  );
}

function AsText({ form, problem, onChange }: MatchersSectionProps) {
  return (
    <>
      <Textarea
        aria-label="Matchers as text"
        description={'As amtool and Alertmanager take them: {alertname="DiskFull", node=~"web-.*"}'}
        inputWrapperOrder={["input", "description", "error"]}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        autosize
        minRows={3}
        spellCheck={false}
        autoCapitalize="none"
        value={form.text}
        error={fieldError(problem, "text")}
        onChange={({ currentTarget: { value } }) => onChange((now) => ({ ...now, text: value }))}
      />
      <WholeError problem={problem} />
    </>
  );
}

/** What is wrong with all of them together. */
function WholeError({ problem }: { problem: ApiProblem | null }) {
  if (problem?.field !== "matchers") return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" mt={8} role="alert">
      {problem.detail}
    </Text>
  );
}

/** From rows to text, and back once the text is understood. */
function Switch({ form, onChange }: Pick<MatchersSectionProps, "form" | "onChange">) {
  const read = usePreviewSilence();
  const toRows = () => {
    if (form.text.trim().replace(/^\{\s*\}$/, "") === "") return onChange((now) => addRow(asRows(now, [])));
    read.mutate(matchersOfForm(form), {
      onSuccess: ({ matchers }) => onChange((now) => asRows(now, matchers)),
      onError: (error) => toastFailed(error, "This text is not understood yet"),
    });
  };
  return (
    <Button variant="default" size="compact-sm" loading={read.isPending} onClick={form.how === "text" ? toRows : () => onChange(asText)}>
      {form.how === "text" ? "Edit as fields" : "Edit as text"}
    </Button>
  );
}
