import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

import type { Route, RouteField } from "../../api/types";
import { CopyIcon } from "../../components/CopyButton";
import { Until } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { groupWords, inherits, matchersOfRoute, muteWords, treeOf, type Branch } from "./tree";
import classes from "./Routing.module.css";

/** Where a route stands on the page. */
export function placeOfRoute(id: number): string {
  return `route-${id}`;
}

/** The routes, each below the one above it; those on the ways of an alert stand out if there is one. */
export function RouteTree({ routes, ways }: { routes: Route[]; ways: number[] | undefined }) {
  const root = treeOf(routes);
  if (!root) return null;
  return (
    <ul className={classes.tree} aria-label="Routes">
      <Node branch={root} ways={new Set(ways)} />
    </ul>
  );
}

function Node({ branch, ways }: { branch: Branch; ways: Set<number> }) {
  const isWay = ways.has(branch.route.id);
  return (
    <li>
      <RouteLine route={branch.route} isWay={isWay} />
      {branch.below.length > 0 && (
        <ul>
          {branch.below.map((one) => (
            <Node key={one.route.id} branch={one} ways={ways} />
          ))}
        </ul>
      )}
    </li>
  );
}

function RouteLine({ route, isWay }: { route: Route; isWay: boolean }) {
  return (
    <div className={classes.route} id={placeOfRoute(route.id)} data-way={isWay || undefined}>
      <div className={classes.head}>
        {isWay && <span className="visually-hidden">On the way: </span>}
        <Matchers route={route} />
        <span className={classes.to}>
          <span aria-hidden>→ </span>
          <span className="visually-hidden">tells </span>
          <Value route={route} field="receiver">
            <strong>{route.receiver}</strong>
          </Value>
        </span>
        {route.continue && (
          <Hint words="An alert that matches also tries the routes beside this one.">
            <Tag tone="blue">continue</Tag>
          </Hint>
        )}
        <Mute route={route} />
      </div>
      <Facts route={route} />
    </div>
  );
}

function Matchers({ route }: { route: Route }) {
  if (route.matchers.length === 0) return <span className={classes.every}>every alert</span>;
  return (
    <span className={classes.matchers}>
      {route.matchers.map((matcher) => (
        <code key={matcher}>{matcher}</code>
      ))}
      <CopyIcon value={matchersOfRoute(route)} what="matchers" />
    </span>
  );
}

/** How alerts are gathered, and when groups speak. */
function Facts({ route }: { route: Route }) {
  const labels = Object.entries(route.labels);
  return (
    <div className={classes.facts}>
      <Value route={route} field="group_by">{groupWords(route)}</Value>
      <Hint words="How long a new group gathers before its first message">
        <Value route={route} field="group_wait">wait {route.group_wait}</Value>
      </Hint>
      <Hint words="How long lies between two messages of a group in which something changes">
        <Value route={route} field="group_interval">interval {route.group_interval}</Value>
      </Hint>
      <Hint words="After how long a group speaks again in which nothing has changed">
        <Value route={route} field="repeat_interval">repeat {route.repeat_interval}</Value>
      </Hint>
      {labels.length > 0 && <span>labels {labels.map(([name, value]) => `${name}=${value}`).join(", ")}</span>}
    </div>
  );
}

function Value({ route, field, children, ...props }: { route: Route; field: RouteField; children: ReactNode }) {
  const inherited = inherits(route, field);
  return (
    <span {...props} data-inherited={inherited || undefined}>
      {children}
      {inherited && <span className="visually-hidden"> (as above)</span>}
    </span>
  );
}

/** More about a word, for those who point at it. */
function Hint({ words, children }: { words: string; children: ReactNode }) {
  return (
    <Tooltip label={words} openDelay={150} events={{ hover: true, focus: false, touch: true }}>
      <span>{children}</span>
    </Tooltip>
  );
}

function Mute({ route }: { route: Route }) {
  const mute = muteWords(route);
  if (!mute) return null;
  return (
    <span className={classes.mute}>
      <Tag tone={mute.isMute ? "amber" : "gray"}>{mute.isMute ? "Mute now" : "Speaks now"}</Tag> {mute.why}
      {route.changes_at && (
        <>
          {mute.isMute ? "; speaks again " : "; mute "}
          <Until at={route.changes_at} />
        </>
      )}
    </span>
  );
}
