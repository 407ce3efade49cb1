import { Center, Loader } from "@mantine/core";
import { IconBrandSlack } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "../../../api/problem";
import { receiversQuery } from "../../../api/receivers";
import { ButtonLink } from "../../../components/ButtonLink";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { PageHeader } from "../../../components/PageHeader";
import { paths } from "../../../paths";
import { ReceiverEditor } from "./ReceiverEditor";
import { ReceiverList } from "./ReceiverList";

/** *Platform Settings → Notification Management → Slack*: nothing yet, the one receiver, or a list. */
export default function SlackPage() {
  const { data, error, refetch } = useQuery(receiversQuery);
  if (!data) return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : <Waiting />;
  const [only, ...others] = data.receivers;
  if (!only) return <NoReceiver />;
  if (others.length === 0) return <ReceiverEditor key={only.id} saved={only} channelLimit={data.channel_limit} siblings={[]} />;
  return <ReceiverList receivers={data.receivers} />;
}

function NoReceiver() {
  return (
    <>
      <PageHeader title="Slack" lead="Where alerts are told." />
      <EmptyState icon={IconBrandSlack} title="Nobody is told about alerts yet" action={<ButtonLink link={paths.newReceiver()}>Add receiver</ButtonLink>}>
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
