import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useSavePolicy } from "../../api/policies";
import { asProblem, conflictOf } from "../../api/problem";
import type { Policy, PolicyTemplates } from "../../api/types";
import { ConflictDialog } from "../../components/ConflictDialog";
import { LeaveWarning } from "../../components/LeaveWarning";
import { RelativeTime } from "../../components/RelativeTime";
import { SaveBar } from "../../components/SaveBar";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { isPolicyChanged, policyDraftOf, policyFormOf, withSuggestion, type PolicyForm } from "./policy-form";
import { PolicyFields } from "./PolicyFields";
import { PolicyPreview } from "./PolicyPreview";
import { usePolicyPreview } from "./use-policy-preview";
import classes from "./Policies.module.css";

interface PolicyEditorProps {
  /** The policy that is edited, or null for a new one. */
  saved: Policy | null;
  start: PolicyForm;
  templates: PolicyTemplates;
}

/** A custom policy: what is measured, how bad it is, what its alerts say, and what it would say now. */
export function PolicyEditor({ saved, start, templates }: PolicyEditorProps) {
  const [base, setBase] = useState({ policy: saved, form: start });
  const [form, setForm] = useState(start);
  const [isTried, setIsTried] = useState(false);
  const save = useSavePolicy();
  const navigate = useNavigate();
  const problem = save.error ? asProblem(save.error) : null;
  const conflict = conflictOf<Policy>(problem);
  const draft = policyDraftOf(form);
  const changed = isPolicyChanged(form, base.form);
  const { preview, error, suggested } = usePolicyPreview(draft?.template ?? null);
  // What was refused is being mended: the refusal has been read.
  const edit = (next: PolicyForm) => {
    if (save.isError) save.reset();
    setForm(next);
  };
  const filled = suggested ? withSuggestion(form, suggested) : form;
  if (filled !== form) setForm(filled);

  const leave = (id: number | undefined) =>
    void navigate({ ...(id === undefined ? paths.policies() : paths.policy(id)), ignoreBlocker: true });
  const submit = (over: Policy | null = base.policy) => {
    setIsTried(true);
    if (!draft) return;
    save.mutate(
      { saved: over, draft },
      {
        onSuccess: (stored) => {
          toastDone(over ? "Updated. It is evaluated with the change from now on." : `${stored.name} is saved and watches from now on.`);
          leave(stored.id);
        },
      },
    );
  };
  const loadTheirs = (theirs: Policy) => {
    const theirForm = policyFormOf(theirs);
    save.reset();
    if (!theirForm) return;
    setBase({ policy: theirs, form: theirForm });
    setForm(theirForm);
  };
  return (
    <>
      <div className={classes.editor}>
        <PolicyFields
          form={form}
          templates={templates}
          problem={problem}
          thresholdError={isTried && !draft ? "Enter a number." : null}
          onChange={edit}
        />
        <PolicyPreview
          preview={draft ? preview : null}
          error={error}
          threshold={form.threshold}
          unit={templates.templates.find(({ metric }) => metric === form.metric)?.unit ?? ""}
        />
      </div>
      <SaveBar
        isNew={!base.policy}
        changed={changed}
        pending={save.isPending}
        problem={conflict ? null : problem}
        idle={base.policy && <>Saved <RelativeTime at={base.policy.updated_at} /> by {base.policy.updated_by}</>}
        onSave={() => submit()}
        onCancel={() => leave(base.policy?.id)}
      />
      <LeaveWarning when={changed && !save.isPending && !save.isSuccess} />
      {conflict && (
        <ConflictDialog
          what="policy"
          by={conflict.updated_by}
          at={conflict.updated_at}
          onTheirs={() => loadTheirs(conflict)}
          onMine={() => submit(conflict)}
          onClose={() => save.reset()}
        />
      )}
    </>
  );
}
