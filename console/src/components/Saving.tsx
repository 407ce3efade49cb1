import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { asProblem, conflictOf } from "../api/problem";
import { ConflictDialog } from "./ConflictDialog";
import { LeaveWarning } from "./LeaveWarning";
import { RelativeTime } from "./RelativeTime";
import { SaveBar } from "./SaveBar";

/** Something that is stored, and who saved it last. */
interface Stored {
  updated_at: string | null;
  /** Absent where nobody keeps note of it. */
  updated_by?: string | null;
}

interface SavingProps<Base extends Stored | null> {
  /** What is edited, such as `receiver`. */
  what: string;
  /** What the form started from; null for something new. */
  base: Base;
  changed: boolean;
  save: Pick<UseMutationResult, "error" | "isPending" | "reset">;
  /** Shown while there is nothing to save; who saved last unless it is said otherwise. */
  idle?: ReactNode;
  /** Saves the form over a version: the one it started from, or the one somebody else has saved meanwhile. */
  onSave: (over: Base | NonNullable<Base>) => void;
  /** Goes on from what somebody else has saved meanwhile. */
  onTheirs: (theirs: NonNullable<Base>) => void;
  /** Absent where there is nothing to go back to. */
  onCancel?: (() => void) | undefined;
}

/** How every form is saved: the bar with *Save*, the warning before it is left, the question whose version counts. */
export function Saving<Base extends Stored | null>({ what, base, changed, save, idle, onSave, onTheirs, onCancel }: SavingProps<Base>) {
  const problem = save.error ? asProblem(save.error) : null;
  const conflict = conflictOf<NonNullable<Base>>(problem);
  return (
    <>
      <SaveBar
        isNew={base === null}
        changed={changed}
        pending={save.isPending}
        problem={conflict ? null : problem}
        idle={idle ?? (base?.updated_at && <>Saved <RelativeTime at={base.updated_at} /> by {base.updated_by}</>)}
        onSave={() => onSave(base)}
        onCancel={onCancel}
      />
      <LeaveWarning when={changed && !save.isPending} />
      {conflict && (
        <ConflictDialog
          what={what}
          by={conflict.updated_by ?? null}
          at={conflict.updated_at}
          onTheirs={() => onTheirs(conflict)}
          onMine={() => onSave(conflict)}
          onClose={() => save.reset()}
        />
      )}
    </>
  );
}
