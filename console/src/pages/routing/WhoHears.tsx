import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { alertQuery, alertsQuery } from "../../api/alerts";
import { asProblem, type ApiProblem } from "../../api/problem";
import { routingTestQuery } from "../../api/routing";
import type { Alert, RoutingAnswer, RoutingHears } from "../../api/types";
import { FilterInput } from "../../components/FilterInput";
import { matchersFor } from "../../components/matchers";
import { Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { paths, type RoutingSearch } from "../../paths";
import { messageOf } from "../alerts/words";
import { placeOfRoute } from "./RouteTree";
import classes from "./Routing.module.css";

/** How many alerts that fire are offered to try. */
const OFFERED = 5;

interface RoutingTest {
  /** The labels that it is asked for. */
  labels: string | undefined;
  /** The alert whose labels they are. */
  alert: Alert | undefined;
  answer: RoutingAnswer | undefined;
  problem: ApiProblem | null;
}

/** Who hears of the labels in the address, or of those of the alert that it names. */
export function useRoutingTest({ labels: typed, alert: id }: RoutingSearch): RoutingTest {
  const alert = useQuery({ ...alertQuery(id ?? ""), enabled: id !== undefined && typed === undefined });
  const labels = typed ?? (alert.data && `{${matchersFor(alert.data.labels)}}`);
  const { data, error } = useQuery({ ...routingTestQuery(labels ?? ""), enabled: labels !== undefined });
  const failed = error ?? (typed === undefined && id !== undefined ? alert.error : null);
  return { labels, alert: typed === undefined ? alert.data : undefined, answer: labels === undefined || error ? undefined : data, problem: failed && asProblem(failed) };
}

/** Asks which receivers would hear of an alert with some labels. */
export function WhoHears({ search, test }: { search: RoutingSearch; test: RoutingTest }) {
  const navigate = useNavigate();
  const ask = (labels: string | undefined) => void navigate({ ...paths.routing({ labels }), replace: true, resetScroll: false });
  return (
    <Section title="Which receivers would hear this alert?" lead={test.alert ? <>The labels of <Link {...paths.alert(test.alert.id)}>{messageOf(test.alert)}</Link>.</> : "Type its labels: the way through the routes is marked below."}>
      <FilterInput
        key={search.alert ?? ""}
        label='{alertname="DiskFull", severity="critical"}'
        aria-label="Labels of the alert"
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        spellCheck={false}
        autoCapitalize="none"
        w="100%"
        value={test.labels}
        error={test.problem?.detail}
        onChange={ask}
      />
      <div role="status">{test.answer && <Answer answer={test.answer} />}</div>
      {test.labels === undefined && !test.problem && <Offers />}
    </Section>
  );
}

function Answer({ answer }: { answer: RoutingAnswer }) {
  const told = answer.hears.filter(({ told }) => told).length;
  return (
    <>
      <Text size="sm" fw={600} mt="sm">
        {told === 0 ? "Nobody would be told now." : told === 1 ? "1 receiver would be told." : `${told} receivers would be told.`}
      </Text>
      <ul className={classes.hears} aria-label="Who would hear">
        {answer.hears.map((one, index) => (
          <Hears key={`${one.receiver} ${one.route ?? ""} ${index}`} one={one} />
        ))}
      </ul>
    </>
  );
}

function Hears({ one }: { one: RoutingHears }) {
  const group = matchersFor(one.group);
  return (
    <li>
      <Tag tone={one.told ? "green" : "gray"}>{one.told ? "Told" : "Not told"}</Tag>
      <div className="wrap-anywhere">
        <strong>{one.receiver}</strong>{" "}
        <Text span size="sm" c="dimmed">
          {one.sentence} {group === "" ? "All its alerts are one group." : `Grouped as ${group}.`}{" "}
          {one.route === null ? <>Because of its <Link {...paths.slack()}>notification conditions</Link>.</> : <a href={`#${placeOfRoute(one.route)}`}>See its route</a>}
        </Text>
      </div>
    </li>
  );
}

/** Alerts that fire now, to try. */
function Offers() {
  const { data } = useQuery(alertsQuery({ state: "firing", limit: OFFERED }));
  if (!data || data.alerts.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" mt="sm" component="div" className={classes.offers}>
      Or take one that fires:
      {data.alerts.map((alert) => (
        <Link key={alert.id} {...paths.routing({ alert: alert.id })} resetScroll={false}>
          {messageOf(alert)}
        </Link>
      ))}
    </Text>
  );
}
