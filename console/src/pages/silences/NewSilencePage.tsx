import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { alertQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { silenceQuery } from "../../api/silences";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { messageOf } from "../alerts/words";
import { useAuthor } from "./author";
import { formOfAgain, formOfLabels, formOfText, newSilenceForm } from "./silence-form";
import { SilenceEditor } from "./SilenceEditor";

/** A silence that does not exist yet: for an alert, as one that is over, or from nothing. */
export default function NewSilencePage() {
  const { alert: alertId, from, matchers } = useSearch({ from: "/silences/new" });
  const alert = useQuery({ ...alertQuery(alertId ?? ""), enabled: alertId !== undefined });
  const again = useQuery({ ...silenceQuery(from ?? ""), enabled: from !== undefined && alertId === undefined });
  const refusal = useWriteRefusal();
  const author = useAuthor();
  if (refusal) return <Closed title="New silences are closed to you" reason={refusal} action={<ButtonLink link={paths.silences()}>Back to the silences</ButtonLink>} />;
  const form = startOf();
  const start = form && { ...form, author: author ?? "" };
  const error = alert.error ?? again.error;
  return (
    <>
      <PageHeader
        up={alertId ? { link: paths.alert(alertId), name: "The alert" } : { link: paths.silences(), name: "Silences" }}
        title="New silence"
        lead={alert.data && <>For the alert <strong>{messageOf(alert.data)}</strong>: each of its labels is a matcher. Remove those that may differ.</>}
      />
      {start && <SilenceEditor key={alertId ?? from ?? matchers ?? ""} saved={null} start={start} />}
      {!start && !error && <Skeleton height={420} radius="lg" />}
      {!start && error && <ErrorState problem={asProblem(error)} onRetry={() => void (alertId ? alert : again).refetch()} />}
    </>
  );

  function startOf() {
    if (alertId !== undefined) return alert.data && formOfLabels(alert.data.labels);
    if (from !== undefined) return again.data && formOfAgain(again.data);
    return matchers === undefined ? newSilenceForm() : formOfText(matchers);
  }
}
