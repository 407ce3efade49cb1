import type { Silence } from "../../api/types";
import { RelativeTime, Until } from "../../components/RelativeTime";

/** When a silence ends, begins or was over. */
export function When({ silence: { state, starts_at, ends_at } }: { silence: Silence }) {
  switch (state) {
    case "active":
      return <>Ends <Until at={ends_at} /></>;
    case "pending":
      return <>Begins <Until at={starts_at} /></>;
    case "expired":
      return <>Ended <RelativeTime at={ends_at} /></>;
  }
}
