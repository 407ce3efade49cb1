import type { Problem } from "./types";

/** The server's codes, and those of answers that are none. */
export type ProblemCode = Problem["code"] | "unreachable" | "unknown";

type ProblemParts = Partial<Omit<Problem, "code">> & { code?: ProblemCode; current?: unknown };

/**
 * What went wrong, in the server's own words (RFC 9457). `detail` is a sentence that says what to
 * do and is shown as it is; `field` names the input it belongs to, such as `conditions[0].values`.
 */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly field: string | null;
  /** On a conflict: the thing as it is stored now. */
  readonly current: unknown;

  constructor(problem: ProblemParts) {
    const detail = problem.detail ?? "Larum answered in a way this page does not understand. Reload the page.";
    super(detail);
    this.name = "ApiProblem";
    this.status = problem.status ?? 0;
    this.code = problem.code ?? "unknown";
    this.detail = detail;
    this.field = problem.field ?? null;
    this.current = problem.current;
  }
}

/** The server could not be reached at all. */
export function unreachable(): ApiProblem {
  return new ApiProblem({
    code: "unreachable",
    title: "Larum does not answer",
    detail: "Larum does not answer. Check that it is running and that you can reach it; this page tries again by itself.",
  });
}

/** Any thrown thing as a problem, so that every page can show it the same way. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError) return unreachable();
  return new ApiProblem({ detail: error instanceof Error ? error.message : String(error) });
}

/** The server's words for one input, when the problem is about that input and no other. */
export function fieldError(problem: ApiProblem | null, field: string): string | null {
  return problem?.field === field ? problem.detail : null;
}

/** The server's words for an input or anything below it, such as `channels[3]` below `channels`. */
export function fieldErrorWithin(problem: ApiProblem | null, field: string): string | null {
  if (!problem?.field) return null;
  const below = problem.field.startsWith(`${field}[`) || problem.field.startsWith(`${field}.`);
  return problem.field === field || below ? problem.detail : null;
}

/** The thing as somebody else has saved it meanwhile, when that is why a save was refused. */
export function conflictOf<Stored>(problem: ApiProblem | null): Stored | null {
  return problem?.code === "conflict" && problem.current ? (problem.current as Stored) : null;
}
