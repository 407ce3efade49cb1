import { Paper, Text, Title } from "@mantine/core";
import { useId, type ReactNode } from "react";

interface SectionProps {
  title: ReactNode;
  lead?: ReactNode;
  /** At the right end of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** One part of a form or of a page of facts, with its own heading. */
export function Section({ title, lead, aside, children }: SectionProps) {
  const id = useId();
  return (
    <Paper component="section" withBorder p={{ base: "md", sm: "lg" }} radius="lg" aria-labelledby={id}>
      <div style={{ display: "flex", alignItems: "center", justifyContent: "space-between", gap: 12, flexWrap: "wrap" }}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {lead && (
        <Text size="sm" c="dimmed" mt={2}>
          {lead}
        </Text>
      )}
      <div style={{ marginTop: 16 }}>{children}</div>
    </Paper>
  );
}
