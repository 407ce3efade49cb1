import { Input, SegmentedControl, Text } from "@mantine/core";

import type { Severity } from "../../api/types";
import { capitalised } from "../../components/severity";

interface SeverityFieldProps {
  value: Severity;
  offered: Severity[];
  error: string | null;
  onChange: (severity: Severity) => void;
}

/** How bad it is when a policy fires. */
export function SeverityField({ value, offered, error, onChange }: SeverityFieldProps) {
  return (
    <div>
      <Input.Label labelElement="div" id="severity-label" display="block" mb={2}>
        Severity
      </Input.Label>
      <SegmentedControl
        aria-labelledby="severity-label"
        data={offered.map((severity) => ({ value: severity, label: capitalised(severity) }))}
        value={value}
        onChange={onChange}
      />
      {error && <Text size="xs" c="var(--mantine-color-error)" mt={5}>{error}</Text>}
    </div>
  );
}
