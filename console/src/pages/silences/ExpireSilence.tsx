import { Button, Text, type ButtonProps } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { silenceQuery, useExpireSilence, useSaveSilence } from "../../api/silences";
import type { Silence } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Reasoned } from "../../components/Reasoned";
import { toastUndo } from "../policies/undo";
import { Matchers } from "./Matchers";
import { draftOfSilence } from "./silence-form";
import { alertCount } from "./words";

interface ExpireSilenceProps {
  silence: Silence;
  refusal: string | null;
  size: ButtonProps["size"];
  variant: ButtonProps["variant"];
  /** What the button is called by those who do not see it. */
  label: string;
}

/** Ends a silence now; for a short while the same can be made again. */
export function ExpireSilence({ silence, refusal, size, variant, label }: ExpireSilenceProps) {
  const [asked, setAsked] = useState(false);
  const expire = useExpireSilence();
  const again = useSaveSilence();
  const queries = useQueryClient();
  const confirm = async () => {
    // The list may be older than what somebody else made of it: what is made again is what it was last.
    const last = await queries.fetchQuery({ ...silenceQuery(silence.id), staleTime: 0, retry: false }).catch(() => silence);
    // The row may leave the list before the answer is here: a promise is kept nevertheless.
    const ended = await expire.mutateAsync(silence);
    setAsked(false);
    // The author stays who it was, for the new one stands in the place of the one that is over.
    toastUndo(`expired-${silence.id}`, "The silence is over.", () => again.mutateAsync({ saved: ended, draft: draftOfSilence(last) }));
  };
  return (
    <>
      <Reasoned reason={refusal}>
        <Button variant={variant} color="red" size={size} disabled={refusal !== null} aria-label={label} onClick={() => setAsked(true)}>
          Expire
        </Button>
      </Reasoned>
      <ConfirmDialog
        opened={asked}
        title="End this silence now?"
        confirm="Expire silence"
        pending={expire.isPending}
        error={expire.error}
        onConfirm={() => confirm().catch(() => undefined)}
        onClose={() => setAsked(false)}
      >
        <Matchers matchers={silence.matchers} />
        <Text size="sm" mt="sm">
          {whatFollows(silence)}
        </Text>
      </ConfirmDialog>
    </>
  );
}

function whatFollows({ state, hides }: Silence): string {
  if (state === "pending") return "It has not begun, and will hide nothing.";
  if (hides === 0) return "It hides nothing now.";
  return `It hides ${alertCount(hides)} now. Those not told yet are told at the next turn; the others when they are repeated or resolved.`;
}
