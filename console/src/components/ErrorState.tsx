import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiProblem } from "../api/problem";

interface ErrorStateProps {
  problem: ApiProblem;
  onRetry?: () => void;
}

/** What went wrong, in the server's words, with a way to try again. */
export function ErrorState({ problem, onRetry }: ErrorStateProps) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={20} />} title={titleOf(problem)} role="alert" maw={640} w="100%">
      <p style={{ margin: "0 0 12px" }}>{problem.detail}</p>
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

function titleOf(problem: ApiProblem): string {
  switch (problem.code) {
    case "unreachable":
      return "Larum does not answer";
    case "not_found":
      return "Not found";
    case "forbidden":
      return "Not allowed";
    case "storage_full":
      return "The disk is full";
    default:
      return "This did not work";
  }
}
