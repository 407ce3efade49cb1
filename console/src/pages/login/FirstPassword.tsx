import { usePageTitle } from "../../components/use-page-title";
import { LoginCard } from "./LoginCard";
import { PasswordForm } from "./PasswordForm";

/** A one-time password must become an own one before anything else. */
export function FirstPassword({ name }: { name: string }) {
  usePageTitle("Choose a password");
  return (
    <LoginCard title="Choose your password" lead={`You are logged in as ${name} with a one-time password. Choose your own to go on.`}>
      <PasswordForm currentLabel="One-time password" />
    </LoginCard>
  );
}
