import { useRouter } from "@tanstack/react-router";

import { ApiProblem, asProblem } from "../api/problem";
import { ErrorState } from "../components/ErrorState";

/** A page that failed while drawing, or whose code could not be loaded after an update of Larum. */
export function PageCrash({ error }: { error: unknown }) {
  const router = useRouter();
  if (!isOldCode(error)) return <ErrorState problem={asProblem(error)} onRetry={() => void router.invalidate()} />;
  return <ErrorState problem={oldCode} onRetry={() => window.location.reload()} />;
}

const oldCode = new ApiProblem({ detail: "This page could not be loaded: Larum was updated meanwhile, or does not answer. Trying again reloads the console." });

/** The words of browsers for a module that is not there any more. */
function isOldCode(error: unknown): boolean {
  return error instanceof TypeError && /import|fetch/i.test(error.message);
}
