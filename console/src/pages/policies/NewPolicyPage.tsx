import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { policyQuery, policyTemplatesQuery } from "../../api/policies";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { Policy, PolicyTemplates } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { Closed } from "../../components/Closed";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { paths } from "../../paths";
import { newPolicyForm, policyFormOf, withExpr } from "./policy-form";
import { PolicyEditor } from "./PolicyEditor";

/** A custom policy that does not exist yet, perhaps as a copy of one that does. */
export default function NewPolicyPage() {
  const { from, expr } = useSearch({ from: "/policies/new" });
  const templates = useQuery(policyTemplatesQuery);
  const copied = useQuery({ ...policyQuery(Number(from)), enabled: from !== undefined });
  const refusal = useWriteRefusal();
  if (refusal) return <Closed title="New policies are closed to you" reason={refusal} action={<ButtonLink link={paths.policies()}>Back to the policies</ButtonLink>} />;
  const isReady = from === undefined || copied.data !== undefined;
  const start = templates.data && isReady ? startOf(templates.data, copied.data, expr) : null;
  const error = templates.error ?? copied.error;
  return (
    <>
      <PageHeader up={{ link: paths.policies(), name: "Policies" }} title="New policy" lead={copied.data && `A copy of ${copied.data.name}.`} />
      {start && templates.data && <PolicyEditor key={from ?? expr ?? ""} saved={null} start={start} templates={templates.data} />}
      {!start && !error && <Skeleton height={420} radius="lg" />}
      {error && !start && <ErrorState problem={asProblem(error)} onRetry={() => void Promise.all([templates.refetch(), copied.refetch()])} />}
    </>
  );
}

function startOf(templates: PolicyTemplates, copied: Policy | undefined, expr: string | undefined) {
  const form = copied ? policyFormOf(copied, templates) : newPolicyForm(templates);
  if (form && copied) return { ...form, name: `${form.name} (copy)`, enabled: true };
  return form && expr !== undefined ? withExpr({ ...form, how: "expr" }, expr) : form;
}
