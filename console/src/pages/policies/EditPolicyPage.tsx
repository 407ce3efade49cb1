import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { policyQuery, policyTemplatesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy, PolicyTemplates } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { BuiltinEditor } from "./BuiltinEditor";
import { policyFormOf } from "./policy-form";
import { PolicyEditor } from "./PolicyEditor";
import { RULE_FILE_REFUSAL, watched } from "./words";

/** A policy that is changed. */
export default function EditPolicyPage() {
  const { policyId } = useParams({ from: "/policies/$policyId/edit" });
  const policy = useQuery(policyQuery(Number(policyId)));
  const templates = useQuery(policyTemplatesQuery);
  const error = policy.error ?? templates.error;
  if (policy.data && templates.data) return <EditPolicy policy={policy.data} templates={templates.data} />;
  return (
    <>
      <PageHeader title="Edit policy" />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void Promise.all([policy.refetch(), templates.refetch()])} /> : <Skeleton height={420} radius="lg" />}
    </>
  );
}

function EditPolicy({ policy, templates }: { policy: Policy; templates: PolicyTemplates }) {
  const refusal = useWriteRefusal() ?? (policy.kind === "rule_file" ? RULE_FILE_REFUSAL : null);
  const start = policyFormOf(policy, templates);
  if (refusal !== null || !start) {
    const back = <ButtonLink link={paths.policy(policy.id)}>Back to the policy</ButtonLink>;
    return <Closed title="This policy cannot be edited" reason={refusal ?? "Larum offers no templates. Look at its log."} action={back} />;
  }
  return (
    <>
      <PageHeader title={`Edit ${policy.name}`} lead={policy.builtin ? watched(policy) : undefined} up={{ link: paths.policy(policy.id), name: policy.name }} />
      {policy.builtin ? <BuiltinEditor saved={policy} facts={policy.builtin} templates={templates} /> : <PolicyEditor saved={policy} start={start} templates={templates} />}
    </>
  );
}
