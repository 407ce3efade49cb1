import { Text } from "@mantine/core";

import { usePageTitle } from "../../components/use-page-title";
import { LogInForm } from "./LogInForm";
import { LoginCard } from "./LoginCard";

/** Shown at every address while nobody is logged in. */
export function LogIn() {
  usePageTitle("Log in");
  return (
    <LoginCard title="Log in to Larum">
      <LogInForm />
      <Text size="xs" c="dimmed" mt="md">
        First start? Larum prints the name and the one-time password of the first administrator when it starts. Forgotten? Run{" "}
        <code>larum user reset-password</code>.
      </Text>
    </LoginCard>
  );
}
