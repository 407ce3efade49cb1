import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Alert } from "../../api/types";
import { Since } from "../../components/RelativeTime";
import { Severity } from "../../components/severity";
import { paths } from "../../paths";
import { messageOf } from "../alerts/words";
import classes from "./Silences.module.css";

/** Alerts that a silence hides, or would. */
export function HiddenAlerts({ alerts, label }: { alerts: Alert[]; label: string }) {
  if (alerts.length === 0) return null;
  return (
    // A list that scrolls must be reachable by keyboard.
    <ul className={classes.alerts} aria-label={label} tabIndex={0}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Severity severity={alert.severity} />
          <span className="two-lines wrap-anywhere">
            <Link {...paths.alert(alert.id)}>{messageOf(alert)}</Link>{" "}
            <Text span size="sm" c="dimmed">
              {alert.target}
            </Text>
          </span>
          <Text span size="sm" c="dimmed">
            <Since at={alert.starts_at} />
          </Text>
        </li>
      ))}
    </ul>
  );
}
