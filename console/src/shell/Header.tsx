import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { alertsQuery } from "../api/alerts";
import type { LiveState } from "../api/events";
import { statusQuery } from "../api/status";
import { Mark } from "../components/Mark";
import { stateCounts } from "../pages/alerts/heartbeats";
import { paths } from "../paths";
import { ColorSchemeMenu } from "./ColorSchemeMenu";
import { LiveIndicator } from "./LiveIndicator";
import { usePlaces } from "./places";
import { PlatformMenu } from "./PlatformMenu";
import { UserMenu } from "./UserMenu";
import classes from "./Shell.module.css";

/** The bar at the top: the *Platform* button in its left corner, then the pages, then the user. */
export function Header({ live }: { live: LiveState }) {
  return (
    <header className={classes.header}>
      <PlatformMenu />
      <Link {...paths.home()} className={classes.brand} aria-label="Larum, home">
        <Mark size={24} />
        <span className={classes.word}>Larum</span>
      </Link>
      <Navigation />
      <div className={classes.end}>
        <LiveIndicator state={live} />
        <ColorSchemeMenu />
        <UserMenu />
      </div>
    </header>
  );
}

function Navigation() {
  const { pages } = usePlaces();
  const { data: alerts } = useQuery(alertsQuery({ limit: 1 }));
  const { data: status } = useQuery(statusQuery);
  const counts: Partial<Record<string, ReactNode>> = {
    Alerts: <Count value={alerts && stateCounts(alerts.counts).firing} tone="red" what="firing" />,
    Deliveries: <Count value={status?.waiting_deliveries} tone="amber" what="waiting" />,
  };
  return (
    <nav className={classes.nav} aria-label="Pages">
      {pages.map(({ name, link }) => (
        <Link key={name} {...link} className={classes.link} activeOptions={{ includeSearch: false }}>
          {name}
          {counts[name]}
        </Link>
      ))}
    </nav>
  );
}

function Count({ value, tone, what }: { value: number | undefined; tone: "red" | "amber"; what: string }) {
  if (!value) return null;
  return (
    <span className={classes.count} data-tone={tone} title={`${value} ${what}`}>
      {value > 999 ? "999+" : value}
      <span className="visually-hidden"> {what}</span>
    </span>
  );
}
