import { Button, Skeleton, Stack } from "@mantine/core";
import { IconAlertTriangle, IconFileText, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ruleFilesQuery, useReloadRuleFiles } from "../../api/platform";
import { asProblem } from "../../api/problem";
import { useWriteRefusal } from "../../api/session";
import type { BrokenRule, RuleFile, RuleFiles } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FormProblem } from "../../components/FormProblem";
import { Notice } from "../../components/Notice";
import { PageHeader } from "../../components/PageHeader";
import { Reasoned } from "../../components/Reasoned";
import { Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import classes from "./Platform.module.css";
import { RuleGroup } from "./RuleGroup";
import { readWords } from "./rule-words";

/** The rule files that Larum was told of: their groups and rules, and what is wrong in them, at its place. */
export default function RuleFilesPage() {
  const { data, error, refetch } = useQuery(ruleFilesQuery);
  return (
    <>
      <PageHeader title="Rule files" lead="Prometheus' rule files, evaluated as Prometheus does. An error in one rule leaves the others alone." actions={<Reload />} />
      {data && <Files files={data} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius="lg" />}
    </>
  );
}

function Reload() {
  const reload = useReloadRuleFiles();
  const refusal = useWriteRefusal();
  const read = (files: RuleFiles) => toastDone(readWords(files));
  return (
    <>
      <Reasoned reason={refusal}>
        <Button variant="default" leftSection={<IconRefresh size={16} />} loading={reload.isPending} disabled={refusal !== null} onClick={() => reload.mutate(undefined, { onSuccess: read })}>
          Reload
        </Button>
      </Reasoned>
      {reload.error && <FormProblem problem={asProblem(reload.error)} />}
    </>
  );
}

function Files({ files }: { files: RuleFiles }) {
  if (files.files.length === 0) {
    return (
      <EmptyState icon={IconFileText} title="No rule files" action={<ButtonLink link={paths.policies()} variant="default">See the policies</ButtonLink>}>
        Start Larum with <code>--rule-files</code> and a path such as <code>/etc/larum/rules/*.yml</code>, or with{" "}
        <code>--prometheus.config-file</code>, whose <code>rule_files</code> are read as well. Larum&apos;s log names paths at which there is no file.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      {files.files.map((file) => (
        <File key={file.path} file={file} />
      ))}
    </Stack>
  );
}

function File({ file }: { file: RuleFile }) {
  const rules = file.groups.reduce((total, group) => total + group.rules.length, 0);
  const isSound = file.error === null && file.broken.length === 0;
  return (
    <Section
      title={<span className={classes.path}>{file.path}</span>}
      lead={`${file.groups.length} ${file.groups.length === 1 ? "group" : "groups"}, ${rules} ${rules === 1 ? "rule" : "rules"}`}
      aside={<Tag tone={isSound ? "green" : "red"}>{isSound ? "OK" : file.error ? "Cannot be read" : file.broken.length === 1 ? "1 error" : `${file.broken.length} errors`}</Tag>}
    >
      {file.error && (
        <div style={{ marginBottom: 16 }}>
          <Notice tone="red" icon={IconAlertTriangle} title="The file cannot be read now">
            <code>{file.error}</code>
            <div>Its rules as they were before stay in force. Mend it, then reload.</div>
          </Notice>
        </div>
      )}
      {file.broken.length > 0 && (
        <ul className={classes.broken} aria-label={`What is wrong in ${file.path}`}>
          {file.broken.map((broken) => (
            <Broken key={`${broken.line}:${broken.column} ${broken.message}`} broken={broken} />
          ))}
        </ul>
      )}
      {file.groups.map((group) => (
        <RuleGroup key={group.name} group={group} />
      ))}
    </Section>
  );
}

function Broken({ broken }: { broken: BrokenRule }) {
  return (
    <li>
      <span className={classes.place}>{broken.line}:{broken.column}</span> {broken.message}
      {broken.policy !== null && (
        <div>
          The rule as it was before stays in force: <Link {...paths.policy(broken.policy)}>{broken.rule ?? "its policy"}</Link>.
        </div>
      )}
    </li>
  );
}
