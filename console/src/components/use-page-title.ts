import { useEffect } from "react";

/** Names the page in the browser's tab while it is open. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · Larum`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
