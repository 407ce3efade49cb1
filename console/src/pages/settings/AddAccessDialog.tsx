import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";

import { asProblem, fieldError } from "../../api/problem";
import type { Role } from "../../api/types";
import { FormProblem } from "../../components/FormProblem";

interface AddAccessDialogProps<Answer, OneRole extends Role> {
  opened: boolean;
  title: string;
  nameLabel: string;
  /** What can be chosen; the first unless somebody chooses. */
  roles: [OneRole, ...OneRole[]];
  /** What the roles may do. */
  lead: string;
  mutation: UseMutationResult<Answer, Error, { name: string; role: OneRole }>;
  onAdded: (answer: Answer) => void;
  onClose: () => void;
}

/** A name and a role: what both a new user and a new service token need. */
export function AddAccessDialog<Answer, OneRole extends Role>(props: AddAccessDialogProps<Answer, OneRole>) {
  const { opened, title, nameLabel, roles, lead, mutation, onAdded, onClose } = props;
  const [name, setName] = useState("");
  const [role, setRole] = useState(roles[0]);
  const problem = mutation.error ? asProblem(mutation.error) : null;
  const close = () => {
    setName("");
    setRole(roles[0]);
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
          <Select label="Role" description={lead} data={roles} value={role} allowDeselect={false} onChange={(value) => value && setRole(value)} />
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
