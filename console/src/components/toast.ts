import { notifications, notificationsStore, type NotificationData } from "@mantine/notifications";

import { asProblem } from "../api/problem";

/** At most so many toasts stand at once. */
export const MOST_TOASTS = 3;

/** Milliseconds for which words stand that need no answer. */
const PASSING = 4_000;

/** Says in passing that something worked. */
export function toastDone(message: string): void {
  toast({ id: message, color: "green", message, autoClose: PASSING });
}

/** Says that something failed; stands until somebody closes it. */
export function toastFailed(error: unknown, title = ""): void {
  const { detail } = asProblem(error);
  toast({ id: `${title}: ${detail}`, color: "red", title, message: detail, autoClose: false });
}

/**
 * Shows a toast. What is said again stands longer instead of twice; one too many takes the place of
 * the oldest, of one that closes by itself if there is any.
 */
export function toast(said: NotificationData & { id: string }): void {
  const { notifications: shown } = notificationsStore.getState();
  const same = shown.find(({ id }) => id === said.id);
  if (same) {
    // Mantine starts the time anew only when its length changes.
    const autoClose = typeof same.autoClose === "number" ? same.autoClose + 1 : said.autoClose;
    notifications.update({ ...said, ...(autoClose === undefined ? {} : { autoClose }) });
    return;
  }
  const oldest = shown.find(({ autoClose }) => autoClose !== false) ?? shown[0];
  if (shown.length >= MOST_TOASTS && oldest?.id) notifications.hide(oldest.id);
  notifications.show({ withBorder: true, closeButtonProps: { "aria-label": "Close" }, ...said });
}
