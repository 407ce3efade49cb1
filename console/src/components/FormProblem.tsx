import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiProblem } from "../api/problem";
import { Notice } from "./Notice";

/** A refusal that belongs to a whole form rather than to one of its inputs. */
export function FormProblem({ problem }: { problem: ApiProblem }) {
  return (
    <Notice tone="red" icon={IconAlertTriangle} role="alert">
      {problem.detail}
    </Notice>
  );
}
