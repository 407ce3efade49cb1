import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { fieldError, type ApiProblem } from "../../api/problem";
import type { Silence } from "../../api/types";
import { MomentInput } from "../../components/MomentInput";
import { RelativeTime } from "../../components/RelativeTime";
import { duration } from "../../components/time";
import { useNow } from "../../components/use-now";
import { endOf, nextMonday, spans, type SilenceForm } from "./silence-form";
import chips from "../../components/FilterChips.module.css";

interface TimeFieldsProps {
  form: SilenceForm;
  /** The silence that is edited, or null for a new one. */
  saved: Silence | null;
  problem: ApiProblem | null;
  onChange: (change: (now: SilenceForm) => SilenceForm) => void;
}

/** From when to when: for a handy while, or to a moment. */
export function TimeFields({ form, saved, problem, onChange }: TimeFieldsProps) {
  const now = useNow();
  const ends = endOf(form, now);
  const monday = nextMonday(now);
  const begins = Math.max(form.start ?? now, now);
  const hasBegun = saved !== null && saved.state !== "pending";
  const error = fieldError(problem, "ends_at") ?? fieldError(problem, "duration");
  return (
    <Stack gap="md">
      {hasBegun ? (
        <Text size="sm">It began <RelativeTime at={saved.starts_at} />.</Text>
      ) : (
        <Chips label="Begins">
          <Chip isOn={form.start === null} onPress={() => onChange((was) => ({ ...was, start: null }))}>
            Now
          </Chip>
          <Chip isOn={form.start !== null} onPress={() => onChange((was) => ({ ...was, start: was.start ?? nextHour(now) }))}>
            Later
          </Chip>
          {form.start !== null && (
            <MomentInput label="Begins at" at={form.start} error={fieldError(problem, "starts_at")} onChange={(start) => onChange((was) => ({ ...was, start }))} />
          )}
        </Chips>
      )}
      <Chips label={hasBegun ? "Ends, from now" : "Lasts"}>
        {spans.map(({ span, word }) => (
          <Chip key={span} isOn={"span" in form.end && form.end.span === span} onPress={() => onChange((was) => ({ ...was, end: { span } }))}>
            {word}
          </Chip>
        ))}
        <Chip isOn={"at" in form.end && form.end.at === monday} onPress={() => onChange((was) => ({ ...was, end: { at: monday } }))}>
          Until Monday 9:00
        </Chip>
      </Chips>
      <Group gap="sm" align="center">
        <MomentInput label="Ends at" at={ends} error={error} w={{ base: "100%", xs: 220 }} onChange={(at) => onChange((was) => ({ ...was, end: { at } }))} />
        <Text size="sm" c="dimmed">
          {ends > begins ? `Ends ${duration(ends - begins)} ${begins > now ? "after it begins" : "from now"}.` : "This has passed."}
        </Text>
      </Group>
    </Stack>
  );
}

/** The next full hour after a moment in milliseconds. */
function nextHour(now: number): number {
  return (Math.floor(now / 3_600_000) + 1) * 3_600_000;
}

function Chips({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={6}>
        {label}
      </Text>
      <div className={chips.chips} role="group" aria-label={label}>
        {children}
      </div>
    </div>
  );
}

function Chip({ isOn, onPress, children }: { isOn: boolean; onPress: () => void; children: ReactNode }) {
  return (
    <button type="button" className={chips.chip} aria-pressed={isOn} onClick={onPress}>
      {children}
    </button>
  );
}
