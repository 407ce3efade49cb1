import { Button, Code, Input, Text } from "@mantine/core";

import { fieldError, type ApiProblem } from "../../../api/problem";
import type { Receiver, ReceiverToken } from "../../../api/types";
import { SecretInput } from "../../../components/SecretInput";
import { Section } from "../../../components/Section";
import { Tag, type Tone } from "../../../components/Tag";
import type { ReceiverForm } from "./receiver-form";
import type { SlackCheck } from "./use-slack-check";
import classes from "./Slack.module.css";

interface ServerSettingsProps {
  form: ReceiverForm;
  saved: Receiver | null;
  onChange: (form: ReceiverForm) => void;
  problem: ApiProblem | null;
  slack: SlackCheck;
}

/** The Slack token: it goes to the server and never comes back. */
export function ServerSettings({ form, saved, onChange, problem, slack }: ServerSettingsProps) {
  const hint = saved?.token.hint ?? null;
  const error = fieldError(problem, "token") ?? fieldError(slack.problem, "token");
  return (
    <Section title="Server Settings">
      {form.token === null && hint ? (
        <SavedToken hint={hint} error={error} onReplace={() => onChange({ ...form, token: "" })} />
      ) : (
        <SecretInput
          label="Slack Token"
          description="A Bot User OAuth Token (xoxb-…) or a User OAuth Token (xoxp-…)."
          placeholder="xoxb-…"
          maw={560}
          autoComplete="off"
          data-1p-ignore
          data-lpignore="true"
          spellCheck={false}
          value={form.token ?? ""}
          error={error}
          onChange={(event) => onChange({ ...form, token: event.currentTarget.value })}
        />
      )}
      {hint && form.token !== null && (
        <Button variant="subtle" size="compact-sm" mt={8} onClick={() => onChange({ ...form, token: null })}>
          Keep the saved one ({hint})
        </Button>
      )}
      {slack.token && form.token !== "" && <TokenFacts token={slack.token} />}
      <SlackAnswer slack={slack} shown={error} />
    </Section>
  );
}

function SavedToken({ hint, error, onReplace }: { hint: string; error: string | null; onReplace: () => void }) {
  return (
    <>
      <Input.Label labelElement="div" display="block" mb={2}>
        Slack Token
      </Input.Label>
      <div className={classes.saved}>
        <Code fz="sm">{hint}</Code>
        <Text size="sm" c="dimmed">
          The saved one is kept. It is never shown.
        </Text>
        <Button variant="default" size="compact-sm" onClick={onReplace}>
          Replace token
        </Button>
      </div>
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" mt={6}>
          {error}
        </Text>
      )}
    </>
  );
}

const states: Record<ReceiverToken["state"], { tone: Tone; word: string }> = {
  checked: { tone: "green", word: "Checked" },
  not_checked: { tone: "gray", word: "Not checked yet" },
  refused: { tone: "red", word: "Refused" },
};

function TokenFacts({ token }: { token: ReceiverToken }) {
  const { tone, word } = states[token.state];
  const lacks = token.missing_scopes.length > 0;
  return (
    <div className={classes.facts} role="status">
      <Tag tone={lacks && token.state === "checked" ? "amber" : tone}>{lacks ? "Scope missing" : word}</Tag>
      <span>{token.sentence}</span>
      {lacks && (
        <span>
          {token.missing_scopes.map((scope) => (
            <Code key={scope} mr={4}>
              {scope}
            </Code>
          ))}
        </span>
      )}
    </div>
  );
}

function SlackAnswer({ slack, shown }: { slack: SlackCheck; shown: string | null }) {
  const words = slack.isPending ? "Asking Slack …" : (slack.problem?.detail ?? "");
  if (words === "" || words === shown || (!slack.isPending && slack.problem?.field?.startsWith("channels"))) return null;
  return (
    <Text size="sm" c="dimmed" mt={8} role="status">
      {words}
    </Text>
  );
}
