import { ActionIcon, Autocomplete, Select, TagsInput, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { labelSuggestionsQuery } from "../../../api/receivers";
import type { Operator } from "../../../api/types";
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
    <div className={classes.row} role="group" aria-label={`Condition ${index + 1}`}>
      <Autocomplete
        className={classes.label}
        label="Label"
        placeholder="severity"
        spellCheck={false}
        autoCapitalize="none"
        data={[...titles.keys()]}
        value={row.label}
        error={labelError}
        onChange={(label) => onChange({ label })}
        renderOption={({ option }) => <LabelOption name={option.value} title={titles.get(option.value)} />}
        filter={({ options, search }) => options.filter((option) => "value" in option && isLike(option.value, titles.get(option.value), search))}
        comboboxProps={{ width: 240, position: "bottom-start" }}
      />
      <Select
        className={classes.operator}
        label="Operator"
        data={operators}
        value={row.operator}
        allowDeselect={false}
        onChange={(operator) => operator && onChange({ operator: operator })}
      />
      {needsValues(row.operator) ? (
        <TagsInput
          className={classes.values}
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
      <ActionIcon className={classes.remove} variant="subtle" color="gray" size={36} aria-label={`Delete condition ${index + 1}`} onClick={onRemove}>
        <IconTrash size={17} />
      </ActionIcon>
    </div>
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
