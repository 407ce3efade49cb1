import { Outlet } from "@tanstack/react-router";

import { useLiveUpdates } from "../api/events";
import { Banners } from "./Banners";
import { Header } from "./Header";
import { SessionGate } from "./SessionGate";
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
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <Header live={live} />
      <Banners />
      <main id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Shortcuts />
    </div>
  );
}
