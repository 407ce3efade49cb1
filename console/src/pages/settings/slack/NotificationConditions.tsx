import { Button, Checkbox, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { Dispatch, SetStateAction } from "react";

import { fieldError, fieldErrorWithin, type ApiProblem } from "../../../api/problem";
import { Section } from "../../../components/Section";
import { ConditionFields } from "./ConditionFields";
import { ConditionsPreview } from "./ConditionsPreview";
import classes from "./Slack.module.css";
import { addCondition, changeCondition, removeCondition, setFiltered, type ReceiverForm } from "./receiver-form";

interface NotificationConditionsProps {
  form: ReceiverForm;
  onChange: Dispatch<SetStateAction<ReceiverForm>>;
  problem: ApiProblem | null;
}

/**
 * Which alerts are let through: rows that must all hold, said again in one sentence, with examples.
 * Changes build on the newest form: one key press in the values reports twice.
 */
export function NotificationConditions({ form, onChange, problem }: NotificationConditionsProps) {
  return (
    <Section
      title={
        <Checkbox
          label="Notification Conditions"
          classNames={{ label: classes.heading }}
          checked={form.filtered}
          onChange={(event) => {
            const filtered = event.currentTarget.checked;
            onChange((now) => setFiltered(now, filtered));
          }}
        />
      }
      lead="Only alerts that meet all conditions are told. Unchecked: all alerts."
    >
      {form.filtered && (
        <div>
          {form.conditions.map((row, index) => (
            <ConditionFields
              key={row.key}
              row={row}
              index={index}
              labelError={fieldErrorWithin(problem, `conditions[${index}].label`) ?? fieldError(problem, `conditions[${index}]`)}
              valuesError={fieldErrorWithin(problem, `conditions[${index}].values`)}
              onChange={(patch) => onChange((now) => changeCondition(now, row.key, patch))}
              onRemove={() => onChange((now) => removeCondition(now, row.key))}
            />
          ))}
          {problem?.field === "conditions" && (
            <Text size="sm" c="var(--mantine-color-error)" mt={8}>
              {problem.detail}
            </Text>
          )}
          <Button
            variant="default"
            size="xs"
            mt="sm"
            leftSection={<IconPlus size={14} />}
            aria-label="Add condition"
            onClick={() => onChange(addCondition)}
          >
            Add
          </Button>
        </div>
      )}
      <ConditionsPreview form={form} />
    </Section>
  );
}
