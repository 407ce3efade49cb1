import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";

import { asProblem, fieldError } from "../../api/problem";
import type { Role } from "../../api/types";
import { FormProblem } from "../../components/FormProblem";

/** The two roles, for a select. */
export const roles: { value: Role; label: string }[] = [
  { value: "platform-admin", label: "platform-admin" },
  { value: "viewer", label: "viewer" },
];

interface AddAccessDialogProps<Answer> {
  opened: boolean;
  title: string;
  nameLabel: string;
  mutation: UseMutationResult<Answer, Error, { name: string; role: Role }>;
  onAdded: (answer: Answer) => void;
  onClose: () => void;
}

/** A name and a role: what both a new user and a new service token need. */
export function AddAccessDialog<Answer>({ opened, title, nameLabel, mutation, onAdded, onClose }: AddAccessDialogProps<Answer>) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const problem = mutation.error ? asProblem(mutation.error) : null;
  const close = () => {
    setName("");
    setRole("viewer");
    mutation.reset();
    onClose();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const added = (answer: Answer) => {
      close();
      onAdded(answer);
    };
    mutation.mutate({ name: name.trim(), role }, { onSuccess: added });
  };
  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={nameLabel}
            required
            withAsterisk={false}
            data-autofocus
            autoComplete="off"
            value={name}
            error={fieldError(problem, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select label="Role" data={roles} value={role} allowDeselect={false} onChange={(value) => value && setRole(value)} />
          {problem && problem.field !== "name" && <FormProblem problem={problem} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={mutation.isPending}>
              {title}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
