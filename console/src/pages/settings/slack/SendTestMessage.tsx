import { Anchor, Button, Code, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconSend } from "@tabler/icons-react";

import { asProblem } from "../../../api/problem";
import { useSendTestMessage } from "../../../api/receivers";
import type { Receiver, TestAnswer, TestResult } from "../../../api/types";
import { FormProblem } from "../../../components/FormProblem";
import { Reasoned } from "../../../components/Reasoned";
import { Section } from "../../../components/Section";
import { took } from "../../../components/time";
import { Invite } from "./Invite";
import { draftOf, type ReceiverForm } from "./receiver-form";
import classes from "./Slack.module.css";

/** Sends a test message with the form as it stands and says what became of it in each channel. */
export function SendTestMessage({ form, saved }: { form: ReceiverForm; saved: Receiver | null }) {
  const test = useSendTestMessage();
  const draft = draftOf(form);
  const refusal = refusalOf(draft.token === "", draft.channels.length === 0);
  const send = () => test.mutate({ ...(saved ? { id: saved.id } : {}), draft });
  return (
    <Section title="Test Message" lead="Uses the form as it stands, saved or not. The conditions do not matter here.">
      <Reasoned reason={refusal}>
        <Button variant="default" leftSection={<IconSend size={16} />} onClick={send} loading={test.isPending} disabled={refusal !== null}>
          Send Test Message
        </Button>
      </Reasoned>
      <div aria-live="polite">
        {test.error && (
          <div style={{ marginTop: 12 }}>
            <FormProblem problem={asProblem(test.error)} />
          </div>
        )}
        {test.data && !test.isPending && <Results answer={test.data} />}
      </div>
    </Section>
  );
}

function refusalOf(lacksToken: boolean, lacksChannels: boolean): string | null {
  if (lacksToken) return "Enter a Slack token first.";
  return lacksChannels ? "Add a channel first." : null;
}

function Results({ answer }: { answer: TestAnswer }) {
  const delivered = answer.results.filter((result) => result.delivered).length;
  return (
    <>
      <Text size="sm" mt="md" c="dimmed" className="tabular">
        Delivered to {delivered} of {answer.results.length} in {took(answer.took_ms)}.
      </Text>
      <ul className={classes.results} aria-label="Test results">
        {answer.results.map((result) => (
          <Result key={result.channel} result={result} />
        ))}
      </ul>
    </>
  );
}

function Result({ result }: { result: TestResult }) {
  return (
    <li>
      {result.delivered ? <IconCircleCheck size={18} color="var(--green)" aria-hidden /> : <IconCircleX size={18} color="var(--red)" aria-hidden />}
      <strong className="wrap-anywhere">{result.channel}</strong>
      <span className="wrap-anywhere">
        {result.sentence} {result.error && <Code>{result.error}</Code>} {result.invite && <Invite command={result.invite} />}
        {result.permalink && (
          <Anchor href={result.permalink} target="_blank" rel="noreferrer" size="sm">
            Open in Slack
          </Anchor>
        )}
      </span>
    </li>
  );
}
