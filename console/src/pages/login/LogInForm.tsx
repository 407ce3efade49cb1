import { Button, Stack, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { asProblem } from "../../api/problem";
import { useLogIn } from "../../api/session";
import { FormProblem } from "../../components/FormProblem";
import { SecretInput } from "../../components/SecretInput";

/** Name and password; `name` is filled in when a session is only to be continued. */
export function LogInForm({ name: knownName = "", onDone }: { name?: string; onDone?: (password: string) => void }) {
  const [name, setName] = useState(knownName);
  const [password, setPassword] = useState("");
  const logIn = useLogIn();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    logIn.mutate({ name: name.trim(), password }, { onSuccess: () => onDone?.(password), onError: () => setPassword("") });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          autoComplete="username"
          autoCapitalize="none"
          required
          withAsterisk={false}
          autoFocus={!knownName}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SecretInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus={Boolean(knownName)}
          data-autofocus={knownName ? true : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {logIn.error && <FormProblem problem={asProblem(logIn.error)} />}
        <Button type="submit" loading={logIn.isPending} fullWidth>
          Log in
        </Button>
      </Stack>
    </form>
  );
}
