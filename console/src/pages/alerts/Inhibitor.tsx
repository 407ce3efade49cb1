import { Link, useSearch } from "@tanstack/react-router";

import type { InhibitedBy } from "../../api/types";
import { paths } from "../../paths";
import { inhibitorName } from "./words";

/** The alert that inhibits another, and by which rule. */
export function Inhibitor({ by }: { by: InhibitedBy }) {
  const search = useSearch({ from: "/alerts" });
  return (
    <span className="wrap-anywhere">
      <Link {...paths.alert(by.alert, search)} resetScroll={false}>
        {inhibitorName(by)}
      </Link>
      {by.rule && ` (rule ${by.rule})`}
    </span>
  );
}
