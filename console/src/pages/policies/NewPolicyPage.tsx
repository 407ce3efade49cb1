import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { policyTemplatesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { newPolicyForm } from "./policy-form";
import { PolicyEditor } from "./PolicyEditor";

/** A custom policy that does not exist yet. */
export default function NewPolicyPage() {
  const { data: templates, error, refetch } = useQuery(policyTemplatesQuery);
  const refusal = useWriteRefusal();
  if (refusal) return <Closed title="New policies are closed to you" reason={refusal} action={<ButtonLink link={paths.policies()}>Back to the policies</ButtonLink>} />;
  const start = templates && newPolicyForm(templates);
  return (
    <>
      <PageHeader up={{ link: paths.policies(), name: "Policies" }} title="New policy" lead="Watches every node of the metrics source." />
      {start && <PolicyEditor saved={null} start={start} templates={templates} />}
      {!templates && !error && <Skeleton height={420} radius="lg" />}
      {error && !templates && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
    </>
  );
}
