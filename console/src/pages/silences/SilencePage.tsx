import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { alertsQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import { silenceQuery } from "../../api/silences";
import type { Silence } from "../../api/types";
import { siteAddress } from "../../base";
import { CopyTextButton } from "../../components/CopyButton";
import { ErrorState } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Labels } from "../../components/Labels";
import { RelativeTime, Until } from "../../components/RelativeTime";
import { SidePanel } from "../../components/SidePanel";
import { Tag } from "../../components/Tag";
import { exact } from "../../components/time";
import { paths } from "../../paths";
import { AlertList } from "../alerts/AlertList";
import { amtoolCommand } from "./amtool";
import { Matchers } from "./Matchers";
import { SilenceActions } from "./SilenceActions";
import { silenceWords } from "./words";

/** How many hidden alerts stand with a silence; the rest is where all alerts are. */
const SHOWN = 20;

/** One silence beside the list. */
export default function SilencePage() {
  const { silenceId } = useParams({ from: "/silences/$silenceId" });
  const search = useSearch({ from: "/silences" });
  const navigate = useNavigate();
  const { data: silence, error, refetch } = useQuery(silenceQuery(silenceId));
  const close = () => void navigate({ ...paths.silences(search), resetScroll: false });
  const title = silence?.comment.trim() || "Silence";
  return (
    <SidePanel title={title} name={title} onClose={close}>
      {silence && <Details silence={silence} />}
      {!silence && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!silence && !error && <Skeleton height={240} />}
    </SidePanel>
  );
}

function Details({ silence }: { silence: Silence }) {
  return (
    <Stack gap="lg">
      <div>
        <Tag tone={silenceWords[silence.state].tone}>{silenceWords[silence.state].word}</Tag>
      </div>
      <Facts
        facts={[
          ["Matchers", <Matchers key="matchers" matchers={silence.matchers} />],
          [silence.state === "pending" ? "Begins" : "Began", <Moment key="begins" at={silence.starts_at} isAhead={silence.state === "pending"} />],
          [silence.state === "expired" ? "Ended" : "Ends", <Moment key="ends" at={silence.ends_at} isAhead={silence.state !== "expired"} />],
          ["By", silence.created_by],
          ["Comment", silence.comment],
          ["Last changed", <RelativeTime key="changed" at={silence.updated_at} />],
          ["Id", <code key="id">{silence.id}</code>],
          ["Annotations", Object.keys(silence.annotations).length > 0 && <Labels key="annotations" labels={silence.annotations} />],
        ]}
      />
      <Group gap="xs">
        <SilenceActions silence={silence} />
        <CopyTextButton value={amtoolCommand(silence, siteAddress())} label="Copy as amtool command" />
      </Group>
      {silence.state !== "expired" && <Hidden silence={silence} />}
    </Stack>
  );
}

function Moment({ at, isAhead }: { at: string; isAhead: boolean }) {
  return (
    <>
      {isAhead ? <Until at={at} /> : <RelativeTime at={at} />}{" "}
      <Text span size="sm" c="dimmed">
        {exact(Date.parse(at)).split(" · ")[0]}
      </Text>
    </>
  );
}

/** The alerts that a silence hides now; of a pending one only how many it will. */
function Hidden({ silence }: { silence: Silence }) {
  const { data, error, refetch } = useQuery({ ...alertsQuery({ state: "firing", silenced_by: silence.id, limit: SHOWN }), enabled: silence.state === "active" });
  return (
    <div>
      <Text component="h3" size="sm" fw={650} mt={0} mb={8}>
        {silence.state === "pending" ? `Will hide ${silence.hides} of the alerts that fire now` : `Hides ${silence.hides} of the alerts that fire now`}
      </Text>
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {data && <AlertList alerts={data.alerts} label="Alerts hidden by this silence" />}
      {data && data.total > data.alerts.length && (
        <Text size="sm" mt="xs">
          <Link {...paths.alerts({ state: "firing", silenced: silence.id })}>See all {data.total}</Link>
        </Text>
      )}
    </div>
  );
}
