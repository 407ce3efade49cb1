import { IconBellOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { useWriteRefusal } from "../../api/session";
import type { Alert, SilencedBy } from "../../api/types";
import { ButtonLink } from "../../components/ButtonLink";
import { Reasoned } from "../../components/Reasoned";
import { Until } from "../../components/RelativeTime";
import { paths } from "../../paths";
import { silencerName } from "./words";
import classes from "./Alerts.module.css";

/** The silences that hide an alert, each with who wants it, why, and when it ends. */
export function Silencers({ by }: { by: SilencedBy[] }) {
  return (
    <ul className={classes.silencers}>
      {by.map((silence) => (
        <li key={silence.id} className="wrap-anywhere">
          <Link {...paths.silence(silence.id)}>{silencerName(silence)}</Link>, ends <Until at={silence.ends_at} />
        </li>
      ))}
    </ul>
  );
}

/** Opens the form for a silence of just this alert. */
export function SilenceButton({ alert }: { alert: Alert }) {
  const refusal = useWriteRefusal();
  return (
    <Reasoned reason={refusal}>
      <ButtonLink
        link={paths.newSilence({ alert: alert.id })}
        variant="default"
        size="compact-sm"
        leftSection={<IconBellOff size={15} />}
        disabled={refusal !== null}
      >
        Silence…
      </ButtonLink>
    </Reasoned>
  );
}
