import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Alert } from "../../api/types";
import { Since } from "../../components/RelativeTime";
import { Severity } from "../../components/severity";
import { Tag } from "../../components/Tag";
import { paths, type AlertsSearch } from "../../paths";
import { messageOf } from "./words";
import classes from "./AlertList.module.css";

interface AlertListProps {
  alerts: Alert[];
  /** What they have in common, for those who do not see it. */
  label: string;
  /** Whether a long list stands in full instead of being scrolled. */
  isWhole?: boolean;
  /** What the page of alerts shows beside the one that is opened. */
  search?: AlertsSearch;
}

/** A few alerts in lines, as a part of a page about something else. */
export function AlertList({ alerts, label, isWhole = false, search = {} }: AlertListProps) {
  if (alerts.length === 0) return null;
  return (
    // A list that scrolls must be reachable by keyboard.
    <ul className={classes.alerts} aria-label={label} data-whole={isWhole || undefined} {...(isWhole ? {} : { tabIndex: 0 })}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Severity severity={alert.severity} />
          <span className="two-lines wrap-anywhere">
            <Link {...paths.alert(alert.id, search)} {...(isWhole ? { resetScroll: false } : {})}>{messageOf(alert)}</Link>{" "}
            <Text span size="sm" c="dimmed">
              {alert.target}
            </Text>{" "}
            {isWhole && <Hidden alert={alert} />}
          </span>
          <Text span size="sm" c="dimmed">
            <Since at={alert.starts_at} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

function Hidden({ alert }: { alert: Alert }) {
  if (alert.silenced.length > 0) return <Tag tone="gray">Silenced</Tag>;
  return alert.inhibited && <Tag tone="gray">Inhibited</Tag>;
}
