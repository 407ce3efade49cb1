import { ActionIcon, Button, CopyButton as Copying, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Copies `value`; `what` names it for the tooltip and for screen readers. */
export function CopyIcon({ value, what }: { value: string; what: string }) {
  return (
    <Copying value={value} timeout={1600}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
          <ActionIcon variant="subtle" color={copied ? "green" : "gray"} size="sm" onClick={copy} aria-label={copied ? "Copied" : `Copy ${what}`}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copying>
  );
}

/** The same as a button with words. */
export function CopyTextButton({ value, label, compact = false }: { value: string; label: string; compact?: boolean }) {
  return (
    <Copying value={value} timeout={1600}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size={compact ? "compact-xs" : "sm"}
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {copied ? "Copied" : label}
        </Button>
      )}
    </Copying>
  );
}
