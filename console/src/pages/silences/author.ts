import { useSession } from "../../api/session";

/** Where this browser remembers who silenced something last. */
const KEPT = "larum:author";

/** The name that somebody has whom no login and no password has named. */
const NOBODY = "anonymous";

/**
 * What a new silence begins with as its author: null where that is whoever is logged in, else the name given for basic
 * authentication, or the one that was typed last.
 */
export function useAuthor(): string | null {
  const { mode, user } = useSession();
  if (mode !== "alertmanager") return null;
  return user.name === NOBODY ? (localStorage.getItem(KEPT) ?? "") : user.name;
}

/** Remembers who silenced something. */
export function rememberAuthor(author: string): void {
  if (author.trim() !== "") localStorage.setItem(KEPT, author.trim());
}
