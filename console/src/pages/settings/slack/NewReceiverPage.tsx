import { useQuery } from "@tanstack/react-query";

import { asProblem } from "../../../api/problem";
import { receiversQuery } from "../../../api/receivers";
import { ErrorState } from "../../../components/ErrorState";
import { ReceiverEditor } from "./ReceiverEditor";

/** A receiver that does not exist yet. */
export default function NewReceiverPage() {
  const { data, error, refetch } = useQuery(receiversQuery);
  if (data) return <ReceiverEditor saved={null} channelLimit={data.channel_limit} siblings={data.receivers} />;
  return error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null;
}
