import { TagsInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { labelSuggestionsQuery } from "../../../api/receivers";
import type { Operator } from "../../../api/types";
import { LabelRow } from "../../../components/LabelRow";
import { needsValues, type ConditionRow } from "./receiver-form";
import classes from "./Slack.module.css";

const operators: { value: Operator; label: string }[] = [
  { value: "In", label: "Includes values" },
  { value: "NotIn", label: "Does not include values" },
  { value: "Exists", label: "Exists" },
  { value: "DoesNotExist", label: "Does not exist" },
];

interface ConditionFieldsProps {
  row: ConditionRow;
  index: number;
  labelError: string | null;
  valuesError: string | null;
  onChange: (patch: Partial<ConditionRow>) => void;
  onRemove: () => void;
}

/** One condition: a label, an operator, and the values it is compared with. */
export function ConditionFields({ row, index, labelError, valuesError, onChange, onRemove }: ConditionFieldsProps) {
  const { data: suggestions } = useQuery(labelSuggestionsQuery(row.label.trim()));
  const titles = new Map(suggestions?.labels.map(({ name, title }) => [name, title]));
  return (
    <LabelRow
      name={`Condition ${index + 1}`}
      removes={`Delete condition ${index + 1}`}
      label={{
        placeholder: "severity",
        data: [...titles.keys()],
        value: row.label,
        error: labelError,
        onChange: (label) => onChange({ label }),
        renderOption: ({ option }) => <LabelOption name={option.value} title={titles.get(option.value)} />,
        filter: ({ options, search }) => options.filter((option) => "value" in option && isLike(option.value, titles.get(option.value), search)),
      }}
      operator={row.operator}
      operators={operators}
      onOperator={(operator) => onChange({ operator })}
      onRemove={onRemove}
    >
      {needsValues(row.operator) ? (
        <TagsInput
          label="Values"
          placeholder={row.values.length === 0 ? "Type a value, then Enter" : ""}
          data={suggestions?.values ?? []}
          splitChars={[]}
          acceptValueOnBlur
          clearable={false}
          value={row.values}
          searchValue={row.typed}
          error={valuesError}
          onChange={(values) => onChange({ values, typed: "" })}
          onSearchChange={(typed) => onChange({ typed })}
        />
      ) : (
        <Text size="sm" c="dimmed" className={classes.anyValue}>
          {row.operator === "Exists" ? "with any value" : "or is empty"}
        </Text>
      )}
    </LabelRow>
  );
}

function LabelOption({ name, title }: { name: string; title: string | undefined }) {
  return (
    <div>
      <Text size="sm">{title ?? name}</Text>
      {title && (
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      )}
    </div>
  );
}

function isLike(name: string, title: string | undefined, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return name.toLowerCase().includes(wanted) || (title?.toLowerCase().includes(wanted) ?? false);
}
