import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { silenceQuery } from "../../api/silences";
import type { Silence } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { formOfSilence } from "./silence-form";
import { SilenceEditor } from "./SilenceEditor";

/** A silence that is changed. */
export default function EditSilencePage() {
  const { silenceId } = useParams({ from: "/silences/$silenceId/edit" });
  const { data, error, refetch } = useQuery(silenceQuery(silenceId));
  if (data) return <EditSilence key={silenceId} silence={data} />;
  return (
    <>
      <PageHeader title="Edit silence" up={{ link: paths.silences(), name: "Silences" }} />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : <Skeleton height={420} radius="lg" />}
    </>
  );
}

function EditSilence({ silence }: { silence: Silence }) {
  // What changes meanwhile is told when it is saved; what is typed stays.
  const [start] = useState(silence);
  const refusal = useWriteRefusal();
  const over = start.state === "expired" ? "It is over. What it hid stays as it was; the same can be silenced again." : null;
  if (refusal !== null || over !== null) {
    const again = <ButtonLink link={paths.newSilence({ from: start.id })}>Silence again</ButtonLink>;
    const back = <ButtonLink link={paths.silence(start.id)}>Back to the silence</ButtonLink>;
    return <Closed title="This silence cannot be edited" reason={refusal ?? over ?? ""} action={refusal === null ? again : back} />;
  }
  return (
    <>
      <PageHeader
        title="Edit silence"
        lead={`By ${start.created_by || "somebody"}, who stays its author. With other matchers a new silence takes its place.`}
        up={{ link: paths.silence(start.id), name: "The silence" }}
      />
      <SilenceEditor saved={start} start={formOfSilence(start)} />
    </>
  );
}
