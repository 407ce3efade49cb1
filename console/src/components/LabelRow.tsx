import { ActionIcon, Autocomplete, Select, type AutocompleteProps } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

import classes from "./LabelRow.module.css";

interface LabelRowProps<Operator extends string> {
  /** What the row is, for those who do not see it: `Matcher 2`. */
  name: string;
  /** What its last button does: `Remove matcher 2`. */
  removes: string;
  /** The label and what there is to choose from. */
  label: Pick<AutocompleteProps, "data" | "error" | "filter" | "onChange" | "placeholder" | "renderOption" | "value">;
  operator: Operator;
  operators: { value: Operator; label: string }[];
  onOperator: (operator: Operator) => void;
  onRemove: () => void;
  /** What the label is compared with. */
  children: ReactNode;
}

/** A row of a form that asks something of a label: the label, an operator, and what it is compared with. */
export function LabelRow<Operator extends string>({ name, removes, label, operator, operators, onOperator, onRemove, children }: LabelRowProps<Operator>) {
  return (
    <div className={classes.row} role="group" aria-label={name}>
      <Autocomplete
        className={classes.label}
        label="Label"
        spellCheck={false}
        autoCapitalize="none"
        comboboxProps={{ width: 240, position: "bottom-start" }}
        {...label}
      />
      <Select className={classes.operator} label="Operator" data={operators} value={operator} allowDeselect={false} onChange={(chosen) => chosen && onOperator(chosen)} />
      <div className={classes.values}>{children}</div>
      <ActionIcon className={classes.remove} variant="subtle" color="gray" size={36} aria-label={removes} onClick={onRemove}>
        <IconTrash size={17} />
      </ActionIcon>
    </div>
  );
}
