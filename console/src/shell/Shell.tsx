import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";

import { useLiveUpdates } from "../api/events";
import { statusQuery } from "../api/status";
import { Banners } from "./Banners";
import { Header } from "./Header";
import { SessionGate, Splash } from "./SessionGate";
import { Shortcuts } from "./Shortcuts";
import classes from "./Shell.module.css";

/** The frame around every page: who you are, where you can go, what is wrong, and the page. */
export function Shell() {
  return (
    <SessionGate>
      <Frame />
    </SessionGate>
  );
}

function Frame() {
  const live = useLiveUpdates(true);
  // What the banners say is known before the page is drawn, so that they do not push it down.
  const { isPending, failureCount } = useQuery(statusQuery);
  if (isPending && failureCount === 0) return <Splash />;
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <Header live={live} />
      <Banners live={live} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Shortcuts />
    </div>
  );
}
