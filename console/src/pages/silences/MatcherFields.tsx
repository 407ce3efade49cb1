import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { labelSuggestionsQuery } from "../../api/receivers";
import type { SilenceMatcher } from "../../api/types";
import { LabelRow } from "../../components/LabelRow";
import { operators, type MatcherRow } from "./silence-form";

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
  const names = suggestions?.labels.map(({ name }) => name) ?? [];
  return (
    <LabelRow
      name={`Matcher ${index + 1}`}
      removes={`Remove matcher ${index + 1}`}
      label={{ placeholder: "alertname", data: names, value: row.name, error: nameError, onChange: (name) => onChange({ name }) }}
      operator={row.operator}
      operators={operators}
      onOperator={(operator) => onChange({ operator })}
      onRemove={onRemove}
    >
      <Autocomplete
        label={isExpression ? "Regular expression" : "Value"}
        placeholder={isExpression ? "web-.*" : "(empty)"}
        spellCheck={false}
        autoCapitalize="none"
        data={isExpression ? [] : (suggestions?.values ?? [])}
        value={row.value}
        error={valueError}
        onChange={(value) => onChange({ value })}
      />
    </LabelRow>
  );
}
