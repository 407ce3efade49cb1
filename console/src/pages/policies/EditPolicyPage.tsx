import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { policyQuery, policyTemplatesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { policyFormOf } from "./policy-form";
import { PolicyEditor } from "./PolicyEditor";
import { BUILTIN_REFUSAL } from "./words";

/** A custom policy that is changed. */
export default function EditPolicyPage() {
  const { policyId } = useParams({ from: "/policies/$policyId/edit" });
  const policy = useQuery(policyQuery(Number(policyId)));
  const templates = useQuery(policyTemplatesQuery);
  const refusal = useWriteRefusal();
  const error = policy.error ?? templates.error;
  if (policy.data && templates.data) {
    const start = policyFormOf(policy.data);
    if (refusal !== null || !start) return <NotEditable id={policy.data.id} reason={refusal ?? BUILTIN_REFUSAL} />;
    return (
      <>
        <PageHeader title={`Edit ${policy.data.name}`} up={{ link: paths.policy(policy.data.id), name: policy.data.name }} />
        <PolicyEditor saved={policy.data} start={start} templates={templates.data} />
      </>
    );
  }
  return (
    <>
      <PageHeader title="Edit policy" />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void Promise.all([policy.refetch(), templates.refetch()])} /> : <Skeleton height={420} radius="lg" />}
    </>
  );
}

function NotEditable({ id, reason }: { id: number; reason: string }) {
  return <Closed title="This policy cannot be edited" reason={reason} action={<ButtonLink link={paths.policy(id)}>Back to the policy</ButtonLink>} />;
}
