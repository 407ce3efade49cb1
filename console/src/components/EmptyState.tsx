import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What to do about it, or why it is well so. */
  children?: ReactNode;
  action?: ReactNode;
  /** When it stands in place of the whole page rather than of a list. */
  isPage?: boolean;
}

/** In place of a list that has nothing to show. */
export function EmptyState({ icon: Shape, title, children, action, isPage = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <ThemeIcon variant="light" color="gray" size={52} radius="xl" mb={4}>
        <Shape size={26} stroke={1.6} />
      </ThemeIcon>
      <Title order={isPage ? 1 : 2} size="h2">{title}</Title>
      {children && (
        <Text c="dimmed" size="sm" maw={460}>
          {children}
        </Text>
      )}
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
