import { SimpleGrid, Skeleton, Stack, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { groupingQuery, useSaveGrouping } from "../../api/grouping";
import { asProblem, fieldError, fieldErrorWithin } from "../../api/problem";
import type { Grouping } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { Saving } from "../../components/Saving";
import { Section } from "../../components/Section";
import { durationWords } from "../../components/time";
import { toastDone } from "../../components/toast";

/** How alerts become groups, and how long a group waits before it speaks. */
export default function GroupingPage() {
  const { data, error, refetch } = useQuery(groupingQuery);
  return (
    <>
      <PageHeader title="Grouping" lead="Alerts that belong together are told in one message instead of many. A change applies to the next message of each group." />
      {data && <GroupingForm saved={data} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={320} radius="lg" />}
    </>
  );
}

const waits = [
  { field: "group_wait", label: "Group wait", description: "Before the first message of a new group, so that others can join it." },
  { field: "group_interval", label: "Group interval", description: "Before a message about changes in a group that was told." },
  { field: "repeat_interval", label: "Repeat interval", description: "Before a group that still fires is told again." },
] as const;

function GroupingForm({ saved }: { saved: Grouping }) {
  const [base, setBase] = useState(saved);
  const [form, setForm] = useState(saved);
  const [typed, setTyped] = useState("");
  const save = useSaveGrouping();
  const problem = save.error ? asProblem(save.error) : null;
  const draft = typed.trim() === "" ? form : { ...form, group_by: [...form.group_by, typed.trim()] };
  const changed = JSON.stringify(draft) !== JSON.stringify(base);

  const startFrom = (grouping: Grouping) => {
    setBase(grouping);
    setForm(grouping);
    setTyped("");
    save.reset();
  };
  if (saved.version > base.version && !changed) startFrom(saved);
  // What was refused is being mended: the refusal has been read.
  const edit = (patch: Partial<Grouping>) => {
    if (save.isError) save.reset();
    setForm((now) => ({ ...now, ...patch }));
  };

  const submit = (over: Grouping) =>
    save.mutate(
      { ...draft, version: over.version },
      {
        onSuccess: (stored) => {
          startFrom(stored);
          toastDone("Updated. Waits that already run keep their time.");
        },
      },
    );
  return (
    <>
      <Stack gap="md">
        <Section title="Group by" lead="Alerts with the same values of these labels are one group. Without labels all alerts are one group.">
          <TagsInput
            aria-label="Labels to group by"
            placeholder={form.group_by.length === 0 ? "Type a label, then Enter" : ""}
            data={["alertname", "namespace", "severity", "node", "job"]}
            splitChars={[]}
            value={form.group_by}
            searchValue={typed}
            onSearchChange={setTyped}
            error={fieldErrorWithin(problem, "group_by")}
            onChange={(group_by) => edit({ group_by })}
          />
        </Section>
        <Section title="Waits" lead="Durations as Prometheus writes them: 30s, 5m, 12h.">
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            {waits.map(({ field, label, description }) => (
              <TextInput
                key={field}
                label={label}
                description={description}
                inputWrapperOrder={["label", "input", "description", "error"]}
                spellCheck={false}
                value={form[field]}
                error={fieldError(problem, field)}
                title={durationWords(form[field])}
                onChange={(event) => edit({ [field]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
        </Section>
      </Stack>
      <Saving what="grouping" base={base} changed={changed} save={save} idle={base.updated_at ? undefined : "These are the defaults."} onSave={submit} onTheirs={startFrom} onCancel={() => startFrom(saved)} />
    </>
  );
}
