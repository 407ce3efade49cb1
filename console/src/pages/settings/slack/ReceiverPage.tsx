import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { asProblem } from "../../../api/problem";
import { receiversQuery } from "../../../api/receivers";
import { ErrorState } from "../../../components/ErrorState";
import { NotFound } from "../../../shell/NotFound";
import { ReceiverEditor } from "./ReceiverEditor";

/** One receiver of several. */
export default function ReceiverPage() {
  const { receiverId } = useParams({ from: "/settings/notifications/slack/$receiverId" });
  const { data, error, refetch } = useQuery(receiversQuery);
  if (!data) return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null;
  const receiver = data.receivers.find(({ id }) => String(id) === receiverId);
  if (!receiver) return <NotFound />;
  const siblings = data.receivers.filter(({ id }) => id !== receiver.id);
  return <ReceiverEditor key={receiver.id} saved={receiver} channelLimit={data.channel_limit} siblings={siblings} />;
}
