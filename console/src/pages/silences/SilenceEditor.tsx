import { Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem, fieldError } from "../../api/problem";
import { useIsAlertmanager } from "../../api/session";
import { silencePreviewQuery, usePreviewSilence, useSaveSilence } from "../../api/silences";
import type { Silence, SilencePreview as Preview, SilencePreviewDraft } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Saving } from "../../components/Saving";
import { Section } from "../../components/Section";
import { toastDone } from "../../components/toast";
import { paths } from "../../paths";
import { rememberAuthor } from "./author";
import { MatchersSection } from "./MatchersSection";
import { draftOfForm, formOfSilence, isAskable, matchersOfForm, type SilenceForm } from "./silence-form";
import { SilencePreview } from "./SilencePreview";
import { TimeFields } from "./TimeFields";
import { mostWords } from "./words";
import classes from "./Silences.module.css";

/** Milliseconds of quiet before it is asked what the matchers hide. */
const QUIET = 300;

interface SilenceEditorProps {
  /** The silence that is edited, or null for a new one. */
  saved: Silence | null;
  start: SilenceForm;
}

/** A silence: what it hides, from when to when, and why. */
export function SilenceEditor({ saved, start }: SilenceEditorProps) {
  const [base, setBase] = useState({ silence: saved, form: start });
  const [form, setForm] = useState(start);
  const [doubt, setDoubt] = useState<{ over: Silence | null; preview: Preview } | null>(null);
  const navigate = useNavigate();
  const save = useSaveSilence();
  const check = usePreviewSilence();
  const live = useLivePreview(form);
  const failed = save.error ?? check.error;
  const problem = failed ? asProblem(failed) : live.problem;
  // Where people log in the author is whoever does; and whoever edits a silence leaves it its author.
  const asksAuthor = useIsAlertmanager() && base.silence === null;
  const changed = JSON.stringify(form) !== JSON.stringify(base.form);
  // What was refused is being mended: the refusal has been read.
  const edit = (change: (now: SilenceForm) => SilenceForm) => {
    if (save.isError) save.reset();
    if (check.isError) check.reset();
    setForm(change);
  };
  const startFrom = (silence: Silence) => {
    const theirs = formOfSilence(silence);
    save.reset();
    setBase({ silence, form: theirs });
    setForm(theirs);
  };

  const leave = (id: string | undefined) => void navigate({ ...(id === undefined ? paths.silences() : paths.silence(id)), ignoreBlocker: true });
  const submit = (over: Silence | null) =>
    save.mutate(
      { saved: over, draft: draftOfForm(form, over, Date.now()) },
      {
        onSuccess: (stored) => {
          rememberAuthor(form.author);
          toastDone(wordsOf(over, stored.replaces));
          leave(stored.id);
        },
        onSettled: () => setDoubt(null),
      },
    );
  /** What would be hidden is asked at the very moment of saving: what was shown may be of before the last key. */
  const ask = (over: Silence | null) =>
    check.mutate(matchersOfForm(form), {
      onSuccess: (preview) => (preview.hides_most ? setDoubt({ over, preview }) : submit(over)),
    });
  return (
    <>
      <div className={classes.editor}>
        <Stack gap="md">
          <MatchersSection form={form} problem={problem} onChange={edit} />
          <Section title="Time">
            <TimeFields form={form} saved={base.silence} problem={problem} onChange={edit} />
          </Section>
          <Section title={asksAuthor ? "Who and why" : "Comment"}>
            {asksAuthor && (
              <TextInput
                label="Author"
                description="Whom others ask about it."
                inputWrapperOrder={["label", "input", "description", "error"]}
                required
                mb="md"
                value={form.author}
                error={fieldError(problem, "created_by")}
                onChange={({ currentTarget: { value } }) => edit((now) => ({ ...now, author: value }))}
              />
            )}
            <Textarea
              {...(asksAuthor ? { label: "Comment" } : { "aria-label": "Comment" })}
              description="Why, so that others know. They see it with every alert that is hidden."
              inputWrapperOrder={["label", "input", "description", "error"]}
              placeholder="The disk is being replaced, OPS-123"
              autosize
              minRows={2}
              required
              value={form.comment}
              error={fieldError(problem, "comment")}
              onChange={({ currentTarget: { value } }) => edit((now) => ({ ...now, comment: value }))}
            />
          </Section>
        </Stack>
        <SilencePreview preview={live.preview} isStale={live.isStale} problem={live.problem} isAskable={isAskable(form)} />
      </div>
      <Saving
        what="silence"
        base={base.silence}
        changed={changed}
        save={check.isError ? { ...save, error: check.error, reset: check.reset } : { ...save, isPending: save.isPending || check.isPending }}
        idle={<Text span size="sm" c="dimmed">Nothing is changed yet.</Text>}
        onSave={ask}
        onTheirs={startFrom}
        onCancel={() => leave(base.silence?.id)}
      />
      {doubt && (
        <ConfirmDialog opened title="Hide so much?" confirm="Silence anyway" pending={save.isPending} error={null} onConfirm={() => submit(doubt.over)} onClose={() => setDoubt(null)}>
          <Text size="sm">{mostWords(doubt.preview)} While the silence lasts, nobody is told of them, nor of what begins to fire and matches.</Text>
        </ConfirmDialog>
      )}
    </>
  );
}

/** What the matchers hide, once they have stood still for a moment. */
function useLivePreview(form: SilenceForm) {
  const asked = JSON.stringify(matchersOfForm(form));
  const [settled] = useDebouncedValue(asked, QUIET);
  const { data, error, isPlaceholderData } = useQuery({ ...silencePreviewQuery(JSON.parse(settled) as SilencePreviewDraft), enabled: isAskable(form) });
  // What is said of other matchers than those that stand there is no help to whoever mends them.
  const problem = error && asked === settled && isAskable(form) ? asProblem(error) : null;
  return { preview: isAskable(form) && !error ? data : undefined, isStale: isPlaceholderData || asked !== settled, problem };
}

function wordsOf(over: Silence | null, replaces: string | null): string {
  if (over === null) return "Silenced. It is shown with every alert that it hides.";
  return replaces === null ? "Updated." : "Updated: a new silence has taken the place of the old one, which is over.";
}
