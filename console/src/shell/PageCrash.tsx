import { useRouter } from "@tanstack/react-router";

import { asProblem } from "../api/problem";
import { ErrorState } from "../components/ErrorState";

/** A page that failed while drawing, or whose code could not be loaded after an update of Larum. */
export function PageCrash({ error }: { error: unknown }) {
  const router = useRouter();
  const isOldCode = error instanceof TypeError && /import|fetch/i.test(error.message);
  return (
    <ErrorState
      problem={asProblem(error)}
      onRetry={() => (isOldCode ? window.location.reload() : void router.invalidate())}
    />
  );
}
