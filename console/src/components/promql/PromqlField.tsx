import { Input, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense, useId } from "react";

const Editor = lazy(() => import("./PromqlEditor").then(({ PromqlEditor }) => ({ default: PromqlEditor })));

interface PromqlFieldProps {
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

/** An expression that somebody writes. */
export function PromqlField({ value, error, onChange }: PromqlFieldProps) {
  const id = useId();
  return (
    <div>
      <Input.Label labelElement="div" id={`${id}-label`} display="block" mb={2}>Expression</Input.Label>
      <Input.Description mb={6} id={`${id}-words`}>PromQL. Every series of its answer is an alert.</Input.Description>
      <Suspense fallback={<Skeleton height={106} />}>
        <Editor value={value} onChange={onChange} labelledBy={`${id}-label`} describedBy={error ? `${id}-error` : `${id}-words`} invalid={error !== null} />
      </Suspense>
      {error && <Text size="xs" c="var(--mantine-color-error)" mt={5} id={`${id}-error`} role="status">{error}</Text>}
    </div>
  );
}
