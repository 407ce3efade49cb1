import { Link } from "@tanstack/react-router";

import type { Silence } from "../../api/types";
import { paths } from "../../paths";
import { alertCount } from "./words";

/** How many alerts a silence hides now, leading to them; of a pending one how many it will. */
export function Hides({ silence: { id, state, hides } }: { silence: Silence }) {
  if (state === "expired") return <span aria-label="None: it is over">–</span>;
  if (state === "pending") return hides === 0 ? "Nothing" : `Will hide ${hides}`;
  if (hides === 0) return "Nothing";
  return <Link {...paths.alerts({ state: "firing", silenced: id })}>{alertCount(hides)}</Link>;
}
