import { ActionIcon, Autocomplete, Select } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { labelSuggestionsQuery } from "../../api/receivers";
import type { SilenceMatcher } from "../../api/types";
import { operators, type MatcherRow } from "./silence-form";
import classes from "./Silences.module.css";

interface MatcherFieldsProps {
  row: MatcherRow;
  index: number;
  nameError: string | null;
  valueError: string | null;
  onChange: (patch: Partial<SilenceMatcher>) => void;
  onRemove: () => void;
}

/** One matcher: a label, an operator, and the value or expression it is compared with. */
export function MatcherFields({ row, index, nameError, valueError, onChange, onRemove }: MatcherFieldsProps) {
  const { data: suggestions } = useQuery(labelSuggestionsQuery(row.name.trim()));
  const isExpression = row.operator === "=~" || row.operator === "!~";
  return (
    <div className={classes.row} role="group" aria-label={`Matcher ${index + 1}`}>
      <Autocomplete
        className={classes.label}
        label="Label"
        placeholder="alertname"
        spellCheck={false}
        autoCapitalize="none"
        data={suggestions?.labels.map(({ name }) => name) ?? []}
        value={row.name}
        error={nameError}
        onChange={(name) => onChange({ name })}
      />
      <Select
        className={classes.operator}
        label="Operator"
        data={operators}
        value={row.operator}
        allowDeselect={false}
        onChange={(operator) => operator && onChange({ operator })}
      />
      <Autocomplete
        className={classes.value}
        label={isExpression ? "Regular expression" : "Value"}
        placeholder={isExpression ? "web-.*" : "(empty)"}
        spellCheck={false}
        autoCapitalize="none"
        data={isExpression ? [] : (suggestions?.values ?? [])}
        value={row.value}
        error={valueError}
        onChange={(value) => onChange({ value })}
      />
      <ActionIcon className={classes.remove} variant="subtle" color="gray" size={36} aria-label={`Remove matcher ${index + 1}`} onClick={onRemove}>
        <IconTrash size={17} />
      </ActionIcon>
    </div>
  );
}
