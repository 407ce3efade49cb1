import { IconAlertTriangle, IconBellOff, IconCloudOff, IconDatabaseOff, IconFlask, IconPlugConnectedX, IconPower } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";

import type { LiveState } from "../api/events";
import { useIsAlertmanager, useWriteRefusal } from "../api/session";
import { statusQuery } from "../api/status";
import type { Status } from "../api/types";
import { RelativeTime, Since } from "../components/RelativeTime";
import { paths } from "../paths";
import classes from "./Shell.module.css";

/** Milliseconds after which an interruption is more than a hiccup. */
const INTERRUPTED_AFTER = 4_000;

/** What everybody must know, on every page: Larum is silent, nobody is told, the disk is full, this is not Slack. */
export function Banners({ live }: { live: LiveState }) {
  const { data: status } = useQuery(statusQuery);
  const isInterrupted = useLasting(live === "reconnecting", INTERRUPTED_AFTER);
  return (
    <>
      {isInterrupted && (
        <Banner tone="red" icon={<IconPlugConnectedX size={18} />}>
          Larum does not answer: what you see may be out of date. This page goes on by itself.
        </Banner>
      )}
      {status && <StatusBanners status={status} />}
    </>
  );
}

/** Whether something has been so for a while. */
function useLasting(isSo: boolean, milliseconds: number): boolean {
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    if (!isSo) return undefined;
    const timer = setTimeout(() => setIsLasting(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setIsLasting(false);
    };
  }, [isSo, milliseconds]);
  return isLasting;
}

function StatusBanners({ status }: { status: Status }) {
  return (
    <>
      {status.storage.state !== "ok" && (
        <Banner tone="red" icon={<IconAlertTriangle size={18} />}>
          {status.storage.sentence ?? "Nothing can be written down: nothing new is accepted."}
        </Banner>
      )}
      {status.source_silent_since && <SourceSilent since={status.source_silent_since} />}
      {!status.alerting.enabled && <AlertingOff alerting={status.alerting} />}
      <ToldBanner told={status.told} />
      {!status.slack_api_is_slack && (
        <Banner tone="iris" icon={<IconFlask size={18} />}>
          Messages do not go to Slack but to <strong className="wrap-anywhere">{status.slack_api_url}</strong>
        </Banner>
      )}
    </>
  );
}

/** That policies see nothing new, since when, and where it says why. */
function SourceSilent({ since }: { since: string }) {
  return (
    <Banner tone="red" icon={<IconDatabaseOff size={18} />}>
      The metrics source has not answered for <Since at={since} />: policies see nothing new and stay as they are.{" "}
      <Link {...paths.metricsSource()}>See why</Link>
    </Banner>
  );
}

/** That no policy speaks, since when and by whom, and the way to change that. */
function AlertingOff({ alerting }: { alerting: Status["alerting"] }) {
  const refusal = useWriteRefusal();
  return (
    <Banner tone="amber" icon={<IconPower size={18} />}>
      {alerting.since ? <>Alerting was switched off <RelativeTime at={alerting.since} /> by {alerting.by}</> : "Alerting is switched off"}: no policy is evaluated. Alerts from Prometheus and Alertmanager go on.{" "}
      {refusal ? "A platform-admin can switch it on." : <Link {...paths.alerting()}>Switch it on again</Link>}
    </Banner>
  );
}

/** What is said when the server gives no sentence of its own. */
const toldFallback: Record<Status["told"]["state"], string> = {
  ok: "",
  nobody: "Nobody is told about alerts: no Slack receiver is set up.",
  all_off: "Nobody is told about alerts: every receiver is switched off.",
  paused: "Some channels are paused and do not get notifications.",
  failing: "Some messages do not arrive. They wait, and are tried again until they do.",
};

function ToldBanner({ told }: { told: Status["told"] }) {
  const refusal = useWriteRefusal();
  const isAlertmanager = useIsAlertmanager();
  if (told.state === "ok") return null;
  if (told.state === "failing") {
    return (
      <Banner tone="red" icon={<IconCloudOff size={18} />}>
        {told.sentence ?? toldFallback.failing} <Link {...paths.deliveries()}>See what waits</Link>
      </Banner>
    );
  }
  return (
    <Banner tone="amber" icon={<IconBellOff size={18} />}>
      {told.sentence ?? toldFallback[told.state]}{" "}
      {isAlertmanager ? <Link {...paths.routing()}>See the receivers</Link> : refusal ? "A platform-admin can change that." : <Link {...paths.slack()}>{told.state === "nobody" ? "Set up Slack" : "Open the Slack settings"}</Link>}
    </Banner>
  );
}

function Banner({ tone, icon, children }: { tone: "red" | "amber" | "iris"; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.banner} data-tone={tone} role="status">
      {icon}
      <span>{children}</span>
    </div>
  );
}
