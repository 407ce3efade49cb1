import { usePageTitle } from "../../components/use-page-title";
import { LoginCard } from "./LoginCard";
import { PasswordForm } from "./PasswordForm";

/** A one-time password must become an own one before anything else; `known` is the one that was just typed. */
export function FirstPassword({ name, known }: { name: string; known: string | undefined }) {
  usePageTitle("Choose a password");
  return (
    <LoginCard title="Choose your password" lead={`You are logged in as ${name} with a one-time password. Choose your own to go on.`}>
      <PasswordForm currentLabel="One-time password" known={known} />
    </LoginCard>
  );
}
