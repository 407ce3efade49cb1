import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

/** Around a control that may be disabled: the tooltip says why it is. */
export function Reasoned({ reason, children }: { reason: string | null; children: ReactNode }) {
  return (
    <Tooltip label={reason} disabled={reason === null} multiline maw={280}>
      <span style={{ display: "inline-flex" }} tabIndex={reason === null ? undefined : 0}>
        {children}
      </span>
    </Tooltip>
  );
}
