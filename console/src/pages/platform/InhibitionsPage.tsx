import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { inhibitionsQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { InhibitionRules } from "./InhibitionRules";

/** The inhibition rules, each as a sentence, with how many alerts it keeps from being told now. */
export default function InhibitionsPage() {
  const { data, error, refetch } = useQuery(inhibitionsQuery);
  return (
    <>
      <PageHeader title="Inhibition rules" lead="While an alert fires that explains others, those are not told. They are still shown." />
      {data && <InhibitionRules rules={data.inhibitions} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={320} radius="lg" />}
    </>
  );
}
