import { Button, Checkbox, FileButton, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconFileText, IconUpload } from "@tabler/icons-react";
import { useState } from "react";

import { useImportPolicies } from "../../api/policies";
import { asProblem, fieldError } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { PolicyImportResults } from "../../api/types";
import { DataTable, type Column } from "../../components/DataTable";
import { FormProblem } from "../../components/FormProblem";
import { Reasoned } from "../../components/Reasoned";
import { Tag, type Tone } from "../../components/Tag";
import { toastDone } from "../../components/toast";

type Result = PolicyImportResults["rules"][number];

/** A button that opens the dialog. */
export function ImportPolicies() {
  const [opened, setOpened] = useState(false);
  const refusal = useWriteRefusal();
  return (
    <>
      <Reasoned reason={refusal}>
        <Button variant="default" leftSection={<IconUpload size={16} />} disabled={refusal !== null} onClick={() => setOpened(true)}>
          Import
        </Button>
      </Reasoned>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Import policies" size="xl" centered closeOnClickOutside={false}>
        <ImportForm onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

/** A rule file, what would become of each of its rules, and then the import. */
function ImportForm({ onDone }: { onDone: () => void }) {
  const [yaml, setYaml] = useState("");
  const [replace, setReplace] = useState(false);
  const [found, setFound] = useState<PolicyImportResults | null>(null);
  const take = useImportPolicies();
  const problem = take.error ? asProblem(take.error) : null;
  const atFile = fieldError(problem, "yaml");
  const edit = (text: string, over: boolean) => {
    setYaml(text);
    setReplace(over);
    setFound(null);
    take.reset();
  };
  const look = () => take.mutate({ yaml, replace, dry_run: true }, { onSuccess: setFound });
  const bring = () =>
    take.mutate(
      { yaml, replace, dry_run: false },
      {
        onSuccess: (done) => {
          toastDone(`Imported: ${summaryOf(done)}.`);
          onDone();
        },
      },
    );
  const waiting = found ? found.created + found.changed : 0;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        A rule file as Prometheus reads it, or one that was exported here. Its alerting rules become custom policies. Nothing changes before you have seen what would.
      </Text>
      <Group>
        <FileButton accept=".yaml,.yml,text/yaml,application/yaml" onChange={(file) => void file?.text().then((text) => edit(text, replace))}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileText size={16} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Checkbox label="Replace custom policies of the same name" checked={replace} onChange={(event) => edit(yaml, event.currentTarget.checked)} />
      </Group>
      <Textarea
        label="Rules"
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        placeholder={"groups:\n  - name: example\n    rules:\n      - alert: …"}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
        value={yaml}
        error={atFile && <span style={{ whiteSpace: "pre-wrap" }}>{atFile}</span>}
        onChange={(event) => edit(event.currentTarget.value, replace)}
      />
      {problem && !atFile && <FormProblem problem={problem} />}
      {found && (
        <>
          <Text size="sm" fw={600} role="status">What would happen: {summaryOf(found)}.</Text>
          <DataTable label="Rules of the file" columns={columns} rows={found.rules} rowKey={({ line, name }) => `${line} ${name}`} empty={null} />
        </>
      )}
      <Group justify="flex-end" gap="xs">
        {found && waiting > 0 ? (
          <Button loading={take.isPending} onClick={bring}>
            Import {waiting} {waiting === 1 ? "policy" : "policies"}
          </Button>
        ) : (
          <Button loading={take.isPending} disabled={yaml.trim() === ""} onClick={look}>
            Check the file
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const outcomes: Record<Result["outcome"], { tone: Tone; word: string }> = {
  created: { tone: "green", word: "New" },
  changed: { tone: "amber", word: "Replaces" },
  unchanged: { tone: "gray", word: "As it is" },
  skipped: { tone: "orange", word: "Skipped" },
};

const columns: Column<Result>[] = [
  { header: "Rule", phone: "title", width: "32%", cell: ({ name }) => name },
  { header: "Line", width: "64px", cell: ({ line }) => line },
  { header: "Outcome", phone: "plain", width: "110px", cell: ({ outcome }) => <Tag tone={outcomes[outcome].tone}>{outcomes[outcome].word}</Tag> },
  { header: "Remarks", phone: "plain", cell: ({ remarks }) => remarks.length > 0 && <div>{remarks.map((remark) => <div key={remark}>{remark}</div>)}</div> },
];

function summaryOf({ created, changed, skipped }: PolicyImportResults): string {
  const parts = [created > 0 && `${created} new`, changed > 0 && `${changed} replaced`, skipped > 0 && `${skipped} skipped`].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "nothing, for every policy is already as the file says";
}
