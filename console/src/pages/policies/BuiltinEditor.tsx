import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useEditBuiltin } from "../../api/policies";
import { asProblem, fieldErrorWithin } from "../../api/problem";
import type { BuiltinFacts, Policy, PolicyTemplates } from "../../api/types";
import { Saving } from "../../components/Saving";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { builtinFormOf, builtinUpdateOf, lacksThreshold, measuredThreshold, type BuiltinForm } from "./builtin-form";
import { BuiltinFields } from "./BuiltinFields";
import { PolicyPreview } from "./PolicyPreview";
import { usePolicyPreview } from "./use-policy-preview";
import classes from "./Policies.module.css";

interface BuiltinEditorProps {
  saved: Policy;
  facts: BuiltinFacts;
  templates: PolicyTemplates;
}

/** A built-in policy: its threshold, duration, severity and switch, and what it would have done. */
export function BuiltinEditor({ saved, facts, templates }: BuiltinEditorProps) {
  const [base, setBase] = useState(saved);
  const [form, setForm] = useState(() => builtinFormOf(saved));
  const [range, setRange] = useState("24h");
  const save = useEditBuiltin();
  const navigate = useNavigate();
  const problem = save.error ? asProblem(save.error) : null;
  const lacks = lacksThreshold(form, facts);
  const asked = lacks ? null : { builtin: { id: saved.id, threshold: measuredThreshold(form, facts) }, for: form.for, range };
  const { preview, error } = usePolicyPreview(asked);
  // What was refused is being mended: the refusal has been read.
  const edit = (next: BuiltinForm) => {
    if (save.isError) save.reset();
    setForm(next);
  };
  const leave = () => void navigate({ ...paths.policy(saved.id), ignoreBlocker: true });
  const updated = () => {
    toastDone("Updated. It is evaluated with the change from now on.");
    leave();
  };
  const submit = (over: Policy) => {
    if (!lacks) save.mutate({ id: saved.id, update: builtinUpdateOf(form, facts, over.version) }, { onSuccess: updated });
  };
  const loadTheirs = (theirs: Policy) => {
    save.reset();
    setBase(theirs);
    setForm(builtinFormOf(theirs));
  };
  return (
    <>
      <div className={classes.editor}>
        <BuiltinFields form={form} facts={facts} templates={templates} errorAt={(field) => fieldErrorWithin(problem, field)} onChange={edit} />
        <PolicyPreview preview={asked ? preview : null} error={error} range={range} onRange={setRange} showsExpr nothingYet="Enter a threshold to see when it would have fired." />
      </div>
      <Saving
        what="policy"
        base={base}
        changed={JSON.stringify(form) !== JSON.stringify(builtinFormOf(base))}
        save={save}
        idle={base.builtin?.edited ? undefined : "As it comes with Larum."}
        onSave={submit}
        onTheirs={loadTheirs}
        onCancel={leave}
      />
    </>
  );
}
