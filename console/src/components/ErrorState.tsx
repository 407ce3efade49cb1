import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiProblem, ProblemCode } from "../api/problem";
import { Notice } from "./Notice";

interface ErrorStateProps {
  problem: ApiProblem;
  onRetry?: () => void;
}

/** What went wrong, in the server's words, with a way to try again. */
export function ErrorState({ problem, onRetry }: ErrorStateProps) {
  return (
    <Notice tone="red" icon={IconAlertTriangle} title={titles[problem.code] ?? "This did not work"} role="alert">
      {problem.detail}
      {onRetry && !isFinal(problem.code) && (
        <div style={{ marginTop: 10 }}>
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** What the same question is answered with again. */
function isFinal(code: ProblemCode): boolean {
  return code === "not_found" || code === "forbidden";
}

const titles: Partial<Record<ProblemCode, string>> = {
  unreachable: "No connection",
  not_found: "Not found",
  forbidden: "Not allowed",
  storage_full: "The disk is full",
};
