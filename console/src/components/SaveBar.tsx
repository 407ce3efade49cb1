import { Button, Group, Text } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

import type { ApiProblem } from "../api/problem";
import classes from "./SaveBar.module.css";

interface SaveBarProps {
  /** *Save* for a first setting, *Update* and *Cancel* after a change. */
  isNew: boolean;
  changed: boolean;
  pending: boolean;
  problem: ApiProblem | null;
  /** Shown while there is nothing to save. */
  idle?: ReactNode;
  onSave: () => void;
  /** Absent where there is nothing to go back to. */
  onCancel?: (() => void) | undefined;
}

/**
 * The bar at the lower edge of a form; nothing applies before its button is pressed. A refusal that
 * names an input moves the focus there.
 */
export function SaveBar({ isNew, changed, pending, problem, idle, onSave, onCancel }: SaveBarProps) {
  const isOpen = isNew || changed;
  useEffect(() => {
    if (problem?.field) document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem]);
  return (
    <div className={classes.bar} role="region" aria-label="Save changes" data-save-bar data-changed={isOpen || undefined}>
      <div className={classes.words} aria-live="polite">
        {problem ? (
          <Text size="sm" c="var(--mantine-color-error)" fw={550}>
            {problem.detail}
          </Text>
        ) : (
          <Text size="sm" c={isOpen ? undefined : "dimmed"}>
            {isOpen ? (isNew ? "Nothing applies before you save." : "Changes are not applied yet.") : idle}
          </Text>
        )}
      </div>
      {isOpen && (
        <Group gap="xs" wrap="nowrap">
          {onCancel && (
            <Button variant="default" onClick={onCancel} disabled={pending}>
              Cancel
            </Button>
          )}
          <Button onClick={onSave} loading={pending}>
            {isNew ? "Save" : "Update"}
          </Button>
        </Group>
      )}
    </div>
  );
}
