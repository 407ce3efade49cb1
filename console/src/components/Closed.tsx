import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { EmptyState } from "./EmptyState";

interface ClosedProps {
  title: string;
  /** Why, such as the role that is needed. */
  reason: string;
  action?: ReactNode;
}

/** In place of a page that this user or this thing does not allow. */
export function Closed({ title, reason, action }: ClosedProps) {
  return (
    <EmptyState isPage icon={IconLock} title={title} action={action}>
      {reason}
    </EmptyState>
  );
}
