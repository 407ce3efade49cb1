import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Tone } from "./Tag";
import classes from "./Notice.module.css";

interface NoticeProps {
  tone: Tone;
  icon: Icon;
  title?: string;
  children: ReactNode;
  /** `alert` for a failure that was just caused, so that it is read out at once. */
  role?: "alert" | "status";
}

/** A box that says something important about what it stands above. */
export function Notice({ tone, icon: Shape, title, children, role }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Shape size={18} aria-hidden />
      <div>
        {title && <strong>{title}</strong>}
        <div>{children}</div>
      </div>
    </div>
  );
}
