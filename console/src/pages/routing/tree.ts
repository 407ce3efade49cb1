import type { Route, RouteField } from "../../api/types";

/** A route with those below it, in the order in which they are tried. */
export interface Branch {
  route: Route;
  below: Branch[];
}

/** The root with everything below it; undefined if there are no routes. A route stands behind the one above it. */
export function treeOf(routes: Route[]): Branch | undefined {
  const branches = new Map<number, Branch>();
  for (const route of routes) {
    const branch: Branch = { route, below: [] };
    branches.set(route.id, branch);
    if (route.parent !== null) branches.get(route.parent)?.below.push(branch);
  }
  return routes[0] && branches.get(routes[0].id);
}

/** How a group is made, in words. */
export function groupWords({ group_by: names }: Route): string {
  if (names.length === 0) return "all alerts in one group";
  if (names[0] === "...") return "each alert in a group of its own";
  return `grouped by ${names.join(", ")}`;
}

/** Whether a route has something from above. */
export function inherits(route: Route, field: RouteField): boolean {
  return route.inherited.includes(field);
}

/** The matchers as they are written. */
export function matchersOfRoute(route: Route): string {
  return `{${route.matchers.join(", ")}}`;
}

/** Whether a route is mute now and when that changes, in words before and behind the time; null if it never is. */
export function muteWords(route: Route): { isMute: boolean; why: string } | null {
  if (route.mute) {
    const names = route.mute.by.join(", ");
    return { isMute: true, why: route.mute.outside ? `active at ${names} only` : `mute at ${names}` };
  }
  const whys = [
    route.active_time_intervals.length > 0 && `active at ${route.active_time_intervals.join(", ")}`,
    route.mute_time_intervals.length > 0 && `mute at ${route.mute_time_intervals.join(", ")}`,
  ].filter((why) => why !== false);
  return whys.length > 0 ? { isMute: false, why: whys.join(", ") } : null;
}
