import { Group, type ButtonProps } from "@mantine/core";

import { useWriteRefusal } from "../../api/session";
import type { Silence } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { Reasoned } from "../../components/Reasoned";
import { paths } from "../../paths";
import { ExpireSilence } from "./ExpireSilence";

/** What can be done with a silence: changed and ended while it is not over, made again after that. */
export function SilenceActions({ silence, compact = false }: { silence: Silence; compact?: boolean }) {
  const refusal = useWriteRefusal();
  const size: ButtonProps["size"] = compact ? "compact-sm" : "sm";
  const variant = compact ? "subtle" : "default";
  // A button is higher than the line of text beside it.
  const rise = compact ? -3 : 0;
  // In a list each button says which silence it is about, for those who hear it alone.
  const label = (does: string) => (compact ? `${does}: ${silence.comment}` : does);
  if (silence.state === "expired") {
    return (
      <Group mt={rise}>
        <Reasoned reason={refusal}>
          <ButtonLink link={paths.newSilence({ from: silence.id })} variant={variant} size={size} disabled={refusal !== null} aria-label={label("Silence again")}>
            Silence again
          </ButtonLink>
        </Reasoned>
      </Group>
    );
  }
  return (
    <Group gap={compact ? 0 : "xs"} mt={rise} wrap="nowrap">
      <Reasoned reason={refusal}>
        <ButtonLink link={paths.editSilence(silence.id)} variant={variant} size={size} disabled={refusal !== null} aria-label={label("Edit")}>
          Edit
        </ButtonLink>
      </Reasoned>
      <ExpireSilence silence={silence} refusal={refusal} size={size} variant={variant} label={label("Expire")} />
    </Group>
  );
}
