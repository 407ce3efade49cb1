import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { Mark } from "../../components/Mark";

/** The card in the middle of the screen, before anybody is let in. */
export function LoginCard({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Stack align="center" gap="sm">
          <Mark size={48} />
          <Title order={1} ta="center">
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed" ta="center">
              {lead}
            </Text>
          )}
        </Stack>
        <Paper withBorder p="lg" radius="lg">
          {children}
        </Paper>
      </Stack>
    </Center>
  );
}
