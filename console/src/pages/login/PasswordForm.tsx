import { Button, PasswordInput, Stack } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { asProblem, fieldError } from "../../api/problem";
import { useChangePassword } from "../../api/session";
import { FormProblem } from "../../components/FormProblem";
import { VISIBILITY } from "../../components/visibility";

/** The old password once, the new one twice. What a good password is, the server says. */
export function PasswordForm({ currentLabel, onDone }: { currentLabel: string; onDone?: () => void }) {
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const [repeated, setRepeated] = useState("");
  const change = useChangePassword();
  const problem = change.error ? asProblem(change.error) : null;
  const differs = repeated !== "" && repeated !== chosen;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (chosen === repeated) change.mutate({ current, new: chosen }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <PasswordInput
          visibilityToggleButtonProps={VISIBILITY}
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
        <PasswordInput
          visibilityToggleButtonProps={VISIBILITY}
          label="New password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={chosen}
          error={fieldError(problem, "new")}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <PasswordInput
          visibilityToggleButtonProps={VISIBILITY}
          label="Repeat the password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={repeated}
          error={differs ? "The two new passwords differ." : null}
          onChange={(event) => setRepeated(event.currentTarget.value)}
        />
        {problem && problem.field !== "current" && problem.field !== "new" && <FormProblem problem={problem} />}
        <Button type="submit" loading={change.isPending} fullWidth>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
