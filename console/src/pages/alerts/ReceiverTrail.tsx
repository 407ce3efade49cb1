import { Anchor, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { WhyNotification, WhyReceiver, WhyVerdict } from "../../api/types";
import { RelativeTime, Until } from "../../components/RelativeTime";
import { Sentence } from "../../components/Sentence";
import { capitalised } from "../../components/severity";
import { clock } from "../../components/time";
import { Tag } from "../../components/Tag";
import { useNow } from "../../components/use-now";
import { paths } from "../../paths";
import { stateWords } from "../deliveries/words";
import { Inhibitor } from "./Inhibitor";
import { Silencers } from "./Silencers";
import { stepsOf, type Step } from "./trail";
import { told } from "./words";
import classes from "./Trail.module.css";

/** The answer for one receiver, and below it what led there. */
export function ReceiverTrail({ receiver }: { receiver: WhyReceiver }) {
  const now = useNow();
  const { tone, word } = told[receiver.state];
  return (
    <li>
      <div className={classes.head}>
        <Tag tone={tone}>{word}</Tag>
        <strong className="wrap-anywhere">{receiver.name}</strong>
        {receiver.source === "gone" && <Tag tone="gray">set up no more</Tag>}
        {receiver.at && <When at={receiver.at} />}
      </div>
      <p className={classes.answer}><Sentence text={receiver.sentence} /></p>
      <ol className={classes.trail} aria-label={`What led there for ${receiver.name}`}>
        {receiver.ways.filter(({ sentence }) => sentence !== receiver.sentence).map((way) => (
          <li key={way.route ?? ""} data-tone={way.met ? "iris" : "gray"}>
            <span><Sentence text={way.sentence} /></span>
          </li>
        ))}
        {stepsOf(receiver, now).map((step, index) => (
          <StepView key={index} step={step} />
        ))}
      </ol>
    </li>
  );
}

function StepView({ step }: { step: Step }) {
  if (step.kind === "verdict") return <Point step={step}><Verdict verdict={step.verdict} /></Point>;
  if (step.kind === "message") return <Point step={step}><Message message={step.message} /></Point>;
  return <Point step={step} isAhead>{aheadWords[step.kind]}</Point>;
}

const aheadWords = {
  first: "Its group speaks for the first time",
  turn: "Its group looks again whether there is something to say",
  repeat: "It is said again, if it still fires and nothing changes",
  opens: "What keeps it from being told is over",
} as const;

function Point({ step, isAhead = false, children }: { step: Step; isAhead?: boolean; children: ReactNode }) {
  return (
    <li data-tone={step.tone} data-ahead={isAhead || undefined}>
      <div className="wrap-anywhere">{children}</div>
      {isAhead ? <When at={step.at} isAhead /> : <When at={step.at} />}
    </li>
  );
}

/** How long ago or until, and the time on the clock. */
function When({ at, isAhead = false }: { at: string; isAhead?: boolean }) {
  const now = useNow();
  return (
    <Text span size="xs" c="dimmed" className={classes.when}>
      {isAhead ? <Until at={at} /> : <RelativeTime at={at} />} · {clock(Date.parse(at), now)}
    </Text>
  );
}

/** A decision not to tell, with who or what is behind it. */
function Verdict({ verdict: { sentence, inhibited, silenced, reason } }: { verdict: WhyVerdict }) {
  if (inhibited) return <>Inhibited by <Inhibitor by={inhibited} /></>;
  if (reason === "silenced" && silenced.length > 0) return <>Silenced by <Silencers by={silenced} /></>;
  return <Sentence text={sentence} />;
}

/** A message: what it said, where, and what became of it. */
function Message({ message }: { message: WhyNotification }) {
  const { tone, word } = stateWords[message.state];
  return (
    <>
      <span className={classes.message}>
        <Tag tone={tone}>{word}</Tag>
        <Link {...paths.delivery(message.id)} resetScroll={false}>
          {capitalised(message.reason)} {message.channel.endsWith("]") ? "by" : "in"} {message.channel}
        </Link>
        {says[message.says] && <span>{says[message.says]}</span>}
        {message.permalink && (
          <Anchor href={message.permalink} target="_blank" rel="noreferrer" inherit>
            Open in Slack <IconExternalLink size={13} />
          </Anchor>
        )}
      </span>
      {troubleOf(message) && <Text size="xs" c={message.state === "dead" ? "var(--red-text)" : "dimmed"}>{troubleOf(message)}</Text>}
    </>
  );
}

const says = { firing: "", severity_changed: "with another severity", resolved: "says that it is over", fired_and_resolved: "says that it fired and is over" } as const;

/** What it waits for, or what went wrong and what to do. */
function troubleOf({ state, waits_for, error, advice, possible_duplicate, attempts }: WhyNotification): string {
  const parts = [
    waits_for ? `Waits for ${waits_for}`.replace("for paused:", "because its channel is paused:") : "",
    error && state !== "delivered" && !waits_for ? error : "",
    advice && !waits_for ? advice : "",
    attempts > 1 ? `${String(attempts)} attempts` : "",
    possible_duplicate ? "Perhaps it is there twice" : "",
  ];
  return parts.filter(Boolean).map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(" ");
}
