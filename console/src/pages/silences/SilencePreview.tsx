import { Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";

import type { ApiProblem } from "../../api/problem";
import type { SilencePreview as Preview } from "../../api/types";
import { Notice } from "../../components/Notice";
import { Section } from "../../components/Section";
import { AlertList } from "../alerts/AlertList";
import { hidesWords, mostWords } from "./words";
import classes from "./Silences.module.css";

interface SilencePreviewProps {
  preview: Preview | undefined;
  /** Whether it is of matchers that have changed since. */
  isStale: boolean;
  problem: ApiProblem | null;
  /** Whether there are matchers to ask about. */
  isAskable: boolean;
}

/** Which alerts that fire now the silence would hide, and a warning when those are most of them. */
export function SilencePreview({ preview, isStale, problem, isAskable }: SilencePreviewProps) {
  return (
    <div className={classes.preview}>
      <Section title="What it hides">
        <div role="status" aria-busy={isStale} style={{ opacity: isStale && preview ? 0.6 : 1 }}>
          <Text size="sm" fw={600}>
            {preview && hidesWords(preview)}
          </Text>
          {!preview && (
            <Text size="sm" c="dimmed">
              {nothingYet(problem, isAskable)}
            </Text>
          )}
          {preview?.hides_most && (
            <div className={classes.notice}>
              <Notice tone="amber" icon={IconAlertTriangle}>
                {mostWords(preview)}
              </Notice>
            </div>
          )}
          {preview?.warning && (
            <div className={classes.notice}>
              <Notice tone="blue" icon={IconInfoCircle}>
                {preview.warning}
              </Notice>
            </div>
          )}
        </div>
        {preview && <AlertList alerts={preview.alerts} label="Alerts that it would hide" />}
        {preview && preview.hides > preview.alerts.length && (
          <Text size="sm" c="dimmed" mt="xs">
            and {preview.hides - preview.alerts.length} more.
          </Text>
        )}
      </Section>
    </div>
  );
}

function nothingYet(problem: ApiProblem | null, isAskable: boolean): string {
  if (problem) return "Once the matchers are right, the alerts that they hide stand here.";
  return isAskable ? "…" : "Choose a label for each matcher to see which alerts it hides.";
}
