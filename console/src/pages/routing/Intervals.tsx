import { Text } from "@mantine/core";

import type { RouteInterval } from "../../api/types";
import { Until } from "../../components/RelativeTime";
import { Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { capitalised } from "../../components/severity";
import classes from "./Routing.module.css";

/** The time intervals that routes can name, and whether they are now. */
export function Intervals({ intervals }: { intervals: RouteInterval[] }) {
  if (intervals.length === 0) return null;
  return (
    <Section title="Time intervals" lead="In which routes are mute, or outside of which they are.">
      <ul className={classes.intervals} aria-label="Time intervals">
        {intervals.map((interval) => (
          <li key={interval.name}>
            <Tag tone={interval.now ? "blue" : "gray"}>{interval.now ? "Now" : "Not now"}</Tag>
            <div className="wrap-anywhere">
              <strong>{interval.name}</strong>
              {interval.changes_at && (
                <Text span size="sm" c="dimmed">
                  {" "}
                  {interval.now ? "ends" : "begins"} <Until at={interval.changes_at} />
                </Text>
              )}
              <Text size="sm" c="dimmed">
                {interval.parts.length === 0 ? "Never" : interval.parts.map((part, index) => (index === 0 ? capitalised(part) : part)).join("; or ")}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
