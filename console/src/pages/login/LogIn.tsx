import { Text } from "@mantine/core";

import { usePageTitle } from "../../components/use-page-title";
import { LogInForm } from "./LogInForm";
import { LoginCard } from "./LoginCard";

/** Shown at every address while nobody is logged in. */
export function LogIn({ onDone }: { onDone: (password: string) => void }) {
  usePageTitle("Log in");
  return (
    <LoginCard title="Log in to Larum">
      <LogInForm onDone={onDone} />
      <Text size="xs" c="dimmed" mt="md">
        First start? The first user is <code>admin</code>, its one-time password is in the file <code>initial-password</code>{" "}
        of Larum&apos;s data directory. Forgotten? Run <code>larum user reset-password</code>.
      </Text>
    </LoginCard>
  );
}
