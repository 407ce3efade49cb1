import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";

import type { LabelRow } from "./policy-form";

interface LabelFieldsProps {
  rows: LabelRow[];
  error: string | null;
  onChange: (rows: LabelRow[]) => void;
}

/** Labels that the policy gives its alerts. */
export function LabelFields({ rows, error, onChange }: LabelFieldsProps) {
  const put = (index: number, patch: Partial<LabelRow>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <div role="group" aria-label="Labels">
      <Input.Label labelElement="div">Labels</Input.Label>
      <Input.Description mb={6}>Given to its alerts beside alertname and severity. Conditions of receivers can ask for them.</Input.Description>
      <Stack gap={6}>
        {rows.map((row, index) => (
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput aria-label={`Name of label ${index + 1}`} placeholder="team" w="40%" value={row.name} error={error !== null} onChange={(event) => put(index, { name: event.currentTarget.value })} />
            <TextInput aria-label={`Value of label ${index + 1}`} placeholder="storage" flex={1} value={row.value} onChange={(event) => put(index, { value: event.currentTarget.value })} />
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove label ${row.name || index + 1}`} onClick={() => onChange(rows.filter((_, at) => at !== index))}>
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      {error && <Text size="xs" c="var(--mantine-color-error)" mt={5}>{error}</Text>}
      <Button variant="default" size="compact-sm" mt={8} leftSection={<IconPlus size={14} />} onClick={() => onChange([...rows, { name: "", value: "" }])}>
        Add label
      </Button>
    </div>
  );
}
