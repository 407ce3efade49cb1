import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useSavePolicy } from "../../api/policies";
import { asProblem, fieldError } from "../../api/problem";
import type { Policy, PolicyPreviewDraft, PolicyTemplates } from "../../api/types";
import { Saving } from "../../components/Saving";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { isPolicyChanged, policyDraftOf, policyFormOf, templateOf, withSuggestion, type PolicyForm } from "./policy-form";
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

/** A custom policy: what is measured, how bad it is, what its alerts say, and what it would have done. */
export function PolicyEditor({ saved, start, templates }: PolicyEditorProps) {
  const [base, setBase] = useState({ policy: saved, form: start });
  const [form, setForm] = useState(start);
  const [isTried, setIsTried] = useState(false);
  const [range, setRange] = useState("24h");
  const save = useSavePolicy();
  const navigate = useNavigate();
  const problem = save.error ? asProblem(save.error) : null;
  const draft = policyDraftOf(form, templates.templates);
  const changed = isPolicyChanged(form, base.form);
  const asked = previewDraftOf(form, templates, range);
  const { preview, error, suggested, expr } = usePolicyPreview(asked);
  // What was refused is being mended: the refusal has been read.
  const edit = (next: PolicyForm) => {
    if (save.isError) save.reset();
    setForm(next);
  };
  const filled = suggested ? withSuggestion(form, suggested) : form;
  if (filled !== form) setForm(filled);

  const leave = (id: number | undefined) =>
    void navigate({ ...(id === undefined ? paths.policies() : paths.policy(id)), ignoreBlocker: true });
  const submit = (over: Policy | null) => {
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
    const theirForm = policyFormOf(theirs, templates);
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
          exprError={error ? fieldError(asProblem(error), "expr") : null}
          thresholdError={isTried && !draft ? "Enter a number." : null}
          expr={form.how === "template" ? expr : null}
          onChange={edit}
        />
        <PolicyPreview
          preview={asked ? preview : null}
          error={error}
          range={range}
          onRange={setRange}
          showsExpr={form.how === "template"}
          nothingYet={form.how === "template" ? "Enter a threshold to see when it would have fired." : "Type an expression to see when it would have fired."}
        />
      </div>
      <Saving what="policy" base={base.policy} changed={changed} save={save} onSave={submit} onTheirs={loadTheirs} onCancel={() => leave(base.policy?.id)} />
    </>
  );
}

/** What to ask the server about the rule as it stands; null while there is nothing to ask about. */
function previewDraftOf(form: PolicyForm, templates: PolicyTemplates, range: string): PolicyPreviewDraft | null {
  const common = { for: form.for, keep_firing_for: form.keep_firing_for, range };
  if (form.how === "expr") return form.expr.trim() === "" ? null : { ...common, expr: form.expr };
  const template = templateOf(form, templates.templates);
  return template && { ...common, template };
}
