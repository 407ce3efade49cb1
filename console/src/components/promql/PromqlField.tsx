import { Input, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense, useId, type ReactNode } from "react";

import type { PromqlEditorProps } from "./PromqlEditor";

const Editor = lazy(() => import("./PromqlEditor").then(({ PromqlEditor }) => ({ default: PromqlEditor })));

/** Pixels that the editor is higher than its text. */
const BORDERS = 2;

interface PromqlFieldProps extends Pick<PromqlEditorProps, "value" | "onChange" | "onRun" | "hint"> {
  /** What to know before typing. */
  lead: ReactNode;
  error: string | null;
  /** Pixels. */
  leastHeight?: number;
}

/** An expression that somebody writes. */
export function PromqlField({ value, lead, error, leastHeight = 84, ...editor }: PromqlFieldProps) {
  const id = useId();
  return (
    <div>
      <Input.Label labelElement="div" id={`${id}-label`} display="block" mb={2}>Expression</Input.Label>
      <Input.Description mb={6} id={`${id}-words`}>{lead}</Input.Description>
      <Suspense fallback={<Skeleton height={leastHeight + BORDERS} />}>
        <Editor {...editor} value={value} labelledBy={`${id}-label`} describedBy={error ? `${id}-error` : `${id}-words`} invalid={error !== null} leastHeight={leastHeight} />
      </Suspense>
      {error && <Text size="xs" c="var(--mantine-color-error)" mt={5} id={`${id}-error`} role="status">{error}</Text>}
    </div>
  );
}
