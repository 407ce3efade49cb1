import { Text } from "@mantine/core";
import { IconMoonOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { alertGroupsQuery, type AlertsFilter } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import type { AlertGroup } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Labels } from "../../components/Labels";
import { matchersFor } from "../../components/matchers";
import { Paging } from "../../components/Paging";
import { Until } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { paths, type AlertsSearch } from "../../paths";
import { AlertList } from "./AlertList";
import classes from "./Alerts.module.css";

/** How many groups one page shows. */
const PAGE_SIZE = 50;

interface AlertGroupsProps {
  search: AlertsSearch;
  filter: AlertsFilter;
  page: number;
  empty: ReactNode;
  onPage: (page: string | undefined) => void;
}

/** What fires, in the groups in which it is told: who hears of it together, and when next. */
export function AlertGroups({ search, filter, page, empty, onPage }: AlertGroupsProps) {
  const { data, error, refetch } = useQuery(alertGroupsQuery({ ...filter, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  if (!data) return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null;
  if (data.groups.length === 0) return <div className={classes.group}>{empty}</div>;
  return (
    <>
      <ul className={classes.groups} aria-label="Groups of alerts">
        {data.groups.map((group) => (
          <li key={`${group.receiver} ${group.route ?? ""} ${matchersFor(group.labels)}`} className={classes.group}>
            <Head group={group} search={search} />
            <AlertList alerts={group.alerts} label={`Alerts of ${group.receiver}`} isWhole search={search} />
            <More group={group} />
          </li>
        ))}
      </ul>
      <Paging total={data.total} pageSize={PAGE_SIZE} page={page} what="groups" onChange={onPage} />
    </>
  );
}

function Head({ group, search }: { group: AlertGroup; search: AlertsSearch }) {
  const isWhole = Object.keys(group.labels).length === 0;
  return (
    <div className={classes.groupHead}>
      <div>{isWhole ? <strong>All its alerts</strong> : <Labels labels={group.labels} />}</div>
      <Text size="sm" c="dimmed" component="div">
        tells <Link {...paths.alerts({ ...search, receiver: group.receiver, page: undefined })}>{group.receiver}</Link>
        {group.due && <>, next turn <Until at={group.due} /></>}
        {group.due === null && ", which tells nobody"}{" "}
        {group.muted_by.length > 0 && (
          <Tag tone="amber">
            <IconMoonOff size={12} aria-hidden /> mute: {group.muted_by.join(", ")}
          </Tag>
        )}
      </Text>
    </div>
  );
}

/** The way to those of its alerts that are not shown. */
function More({ group }: { group: AlertGroup }) {
  const rest = group.total - group.alerts.length;
  if (rest <= 0) return null;
  return (
    <Text size="sm" mt="xs">
      <Link {...paths.alerts({ state: "firing", receiver: group.receiver, q: `{${matchersFor(group.labels)}}` })}>and {rest} more</Link>
    </Text>
  );
}
