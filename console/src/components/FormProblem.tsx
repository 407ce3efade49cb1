import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiProblem } from "../api/problem";

/** A refusal that belongs to a whole form rather than to one of its inputs. */
export function FormProblem({ problem }: { problem: ApiProblem }) {
  return (
    <Alert color="red" variant="light" p="xs" icon={<IconAlertTriangle size={18} />} role="alert">
      {problem.detail}
    </Alert>
  );
}
