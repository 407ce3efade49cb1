import { Button, Stack } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { asProblem, fieldError } from "../../api/problem";
import { useChangePassword } from "../../api/session";
import { FormProblem } from "../../components/FormProblem";
import { SecretInput } from "../../components/SecretInput";

interface PasswordFormProps {
  currentLabel: string;
  /** The password that was just typed to log in, so that nobody has to type it again. */
  known?: string | undefined;
  onDone?: () => void;
}

/** The old password once, the new one twice. What a good password is, the server says. */
export function PasswordForm({ currentLabel, known, onDone }: PasswordFormProps) {
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const [repeated, setRepeated] = useState("");
  const [isTried, setIsTried] = useState(false);
  const change = useChangePassword();
  const problem = change.error ? asProblem(change.error) : null;
  const shown = known === undefined ? ["current", "new"] : ["new"];
  const differs = isTried ? repeated !== chosen : !chosen.startsWith(repeated);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (chosen === repeated) change.mutate({ current: known ?? current, new: chosen }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {known === undefined && (
          <SecretInput
            label={currentLabel}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
            value={current}
            error={fieldError(problem, "current")}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <SecretInput
          label="New password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus={known !== undefined}
          value={chosen}
          error={fieldError(problem, "new")}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <SecretInput
          label="Repeat the password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={repeated}
          error={differs ? "The two new passwords differ." : null}
          onChange={(event) => setRepeated(event.currentTarget.value)}
        />
        {problem && !shown.includes(problem.field ?? "") && <FormProblem problem={problem} />}
        <Button type="submit" loading={change.isPending} fullWidth>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
