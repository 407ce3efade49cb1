import { useSyncExternalStore } from "react";

/** Milliseconds between two looks at the clock; relative times are at most that much behind. */
const TICK = 10_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function snapshot(): number {
  // Without listeners the clock stands; the first look afterwards sets it, the second finds the same.
  if (listeners.size === 0 && Date.now() - now > TICK) now = Date.now();
  return now;
}

/** The time now in milliseconds, one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot);
}
