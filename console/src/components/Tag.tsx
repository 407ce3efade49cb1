import type { ReactNode } from "react";

import classes from "./Tag.module.css";

/** A meaning with a colour; the same everywhere. */
export type Tone = "red" | "orange" | "amber" | "green" | "blue" | "iris" | "gray";

/** A short word on a coloured ground, such as a state. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}

/** A word with a coloured dot before it, quieter than a tag. */
export function Dotted({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.dotted} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      <span>{children}</span>
    </span>
  );
}
