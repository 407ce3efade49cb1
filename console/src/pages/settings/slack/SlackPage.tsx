import { Center, Loader } from "@mantine/core";
import { IconBrandSlack } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "../../../api/problem";
import { receiversQuery } from "../../../api/receivers";
import { routingQuery } from "../../../api/routing";
import { ButtonLink } from "../../../components/ButtonLink";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { PageHeader } from "../../../components/PageHeader";
import { Section } from "../../../components/Section";
import { paths } from "../../../paths";
import { FileReceivers } from "../../routing/FileReceivers";
import { ReceiverEditor } from "./ReceiverEditor";
import { ReceiverList } from "./ReceiverList";

/** *Platform Settings → Notification Management → Slack*: nothing yet, the one receiver, or a list. */
export default function SlackPage() {
  const { data, error, refetch } = useQuery(receiversQuery);
  if (!data) return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : <Waiting />;
  const [only, ...others] = data.receivers;
  if (only && others.length === 0) return <ReceiverEditor key={only.id} saved={only} channelLimit={data.channel_limit} siblings={[]} below={<InFile />} />;
  return (
    <>
      {only ? <ReceiverList receivers={data.receivers} /> : <NoReceiver />}
      <div style={{ marginTop: 16 }}>
        <InFile />
      </div>
    </>
  );
}

/** The receivers that stand in a file beside those that are set here, so that nobody looks for them in vain. */
function InFile() {
  const { data } = useQuery(routingQuery);
  const file = data?.file;
  if (!file) return null;
  return (
    <Section title="Receivers of a file" lead={<>In <code className="wrap-anywhere">{file.path}</code>, and changed there. <Link {...paths.routing()}>See its routes</Link></>}>
        <FileReceivers receivers={file.receivers} />
    </Section>
  );
}

function NoReceiver() {
  const { data } = useQuery(routingQuery);
  const hasFile = Boolean(data?.file);
  return (
    <>
      <PageHeader title="Slack" lead="Where alerts are told." />
      <EmptyState icon={IconBrandSlack} title={hasFile ? "Only the receivers of the file are told" : "Nobody is told about alerts yet"} action={<ButtonLink link={paths.newReceiver()}>Add receiver</ButtonLink>}>
        A receiver is a Slack workspace with the channels that hear about alerts. You need a Slack token; the next page
        shows how to get one in a minute.
      </EmptyState>
    </>
  );
}

function Waiting() {
  return (
    <Center py={80}>
      <Loader type="dots" aria-label="Loading" />
    </Center>
  );
}
