import { IconHeartbeat } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Alert } from "../../api/types";
import { RelativeTime } from "../../components/RelativeTime";
import { paths, type AlertsSearch } from "../../paths";
import classes from "./Alerts.module.css";

/** The alerts that always fire, apart from the list: they say that the pipeline lives, not that something is wrong. */
export function HeartbeatLine({ heartbeats, search }: { heartbeats: Alert[]; search: AlertsSearch }) {
  if (heartbeats.length === 0) return null;
  return (
    <p className={classes.heartbeats}>
      <IconHeartbeat size={17} aria-hidden />
      <Link {...paths.heartbeats()}>Heartbeats</Link>
      {heartbeats.map((alert) => (
        <span key={alert.id}>
          <Link {...paths.alert(alert.id, search)} resetScroll={false}>
            {alert.name || alert.summary}
          </Link>{" "}
          <RelativeTime at={alert.updated_at} />
        </span>
      ))}
    </p>
  );
}
