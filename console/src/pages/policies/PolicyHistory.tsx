import { useState } from "react";

import type { Policy, PolicyPreviewDraft } from "../../api/types";
import { RehearsalPanel } from "./RehearsalPanel";
import { usePolicyPreview } from "./use-policy-preview";

/** What a saved policy measured, and when it would have fired as it is now. */
export function PolicyHistory({ policy }: { policy: Policy }) {
  const [range, setRange] = useState("24h");
  const { preview, error } = usePolicyPreview(draftOf(policy, range));
  return <RehearsalPanel preview={preview} error={error} range={range} onRange={setRange} />;
}

function draftOf(policy: Policy, range: string): PolicyPreviewDraft {
  const common = { for: policy.for, keep_firing_for: policy.keep_firing_for, range };
  if (policy.builtin) return { ...common, builtin: { id: policy.id } };
  return policy.template ? { ...common, template: policy.template } : { ...common, expr: policy.expr };
}
