import { Autocomplete, Group, Input, SegmentedControl, Select, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { labelValuesQuery } from "../../api/series";
import type { TemplateChoice, WorkloadKind } from "../../api/types";
import { targetOf, withTarget, type PolicyForm } from "./policy-form";
import classes from "./Policies.module.css";

interface TargetFieldsProps {
  form: PolicyForm;
  templates: TemplateChoice[];
  error: string | null;
  onChange: (form: PolicyForm) => void;
}

const kinds: WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet"];

/** The metric and the label by which the metrics source knows workloads of a kind. */
const known: Record<WorkloadKind, { metric: string; label: string }> = {
  Deployment: { metric: "kube_deployment_spec_replicas", label: "deployment" },
  StatefulSet: { metric: "kube_statefulset_replicas", label: "statefulset" },
  DaemonSet: { metric: "kube_daemonset_status_desired_number_scheduled", label: "daemonset" },
};

/** The metrics by which the metrics source knows nodes. */
const NODES = '{__name__=~"node_load1|node_uname_info|kube_node_info"}';

/** What the policy looks at: nodes or workloads, all of them or some by name. */
export function TargetFields({ form, templates, error, onChange }: TargetFieldsProps) {
  const target = targetOf(form, templates);
  return (
    <div>
      <Input.Label labelElement="div" id="target-label" display="block" mb={2}>Target</Input.Label>
      <SegmentedControl
        aria-labelledby="target-label"
        mb="sm"
        data={[{ value: "nodes", label: "Nodes" }, { value: "workloads", label: "Workloads" }]}
        value={target}
        onChange={(next) => onChange(withTarget(form, next, templates))}
      />
      {target === "nodes" ? <NodeFields form={form} error={error} onChange={onChange} /> : <WorkloadFields form={form} error={error} onChange={onChange} />}
    </div>
  );
}

type FieldsProps = Omit<TargetFieldsProps, "templates">;

function NodeFields({ form, error, onChange }: FieldsProps) {
  const byName = useQuery(labelValuesQuery("node", [NODES]));
  const byAddress = useQuery({ ...labelValuesQuery("instance", [NODES]), enabled: byName.data?.length === 0 });
  const offered = (byName.data?.length ? byName.data : byAddress.data) ?? [];
  return (
    <TagsInput
      label="Nodes"
      description="None chosen means every node."
      placeholder={form.nodes.length === 0 ? "Every node" : ""}
      data={offered}
      value={form.nodes}
      error={error}
      maxTags={100}
      acceptValueOnBlur
      onChange={(nodes) => onChange({ ...form, nodes })}
    />
  );
}

function WorkloadFields({ form, error, onChange }: FieldsProps) {
  const { metric, label } = known[form.workload];
  const namespaces = useQuery(labelValuesQuery("namespace", [metric]));
  const within = form.namespace ? `${metric}{namespace=${JSON.stringify(form.namespace)}}` : metric;
  const names = useQuery(labelValuesQuery(label, [within]));
  return (
    <>
      <Group gap="sm" align="flex-start" mb="sm">
        <Select
          label="Kind"
          w={150}
          data={kinds}
          value={form.workload}
          allowDeselect={false}
          onChange={(workload) => workload && onChange({ ...form, workload, workloads: [] })}
        />
        <Autocomplete
          label="Namespace"
          className={classes.metric}
          placeholder="Every namespace"
          data={namespaces.data ?? []}
          value={form.namespace}
          onChange={(namespace) => onChange({ ...form, namespace })}
        />
      </Group>
      <TagsInput
        label={`${form.workload}s`}
        description={`None chosen means every ${form.workload}${form.namespace ? ` in ${form.namespace}` : ""}.`}
        placeholder={form.workloads.length === 0 ? `Every ${form.workload}` : ""}
        data={names.data ?? []}
        value={form.workloads}
        error={error}
        maxTags={100}
        acceptValueOnBlur
        onChange={(workloads) => onChange({ ...form, workloads })}
      />
    </>
  );
}
