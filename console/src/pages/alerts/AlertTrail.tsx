import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { whyQuery } from "../../api/alerts";
import { asProblem } from "../../api/problem";
import type { WhyAlert, WhyReceiver } from "../../api/types";
import { ErrorState } from "../../components/ErrorState";
import { Sentence } from "../../components/Sentence";
import { ReceiverTrail } from "./ReceiverTrail";
import { isUntouched } from "./trail";
import classes from "./Trail.module.css";

/** Of each receiver whether it was told of an alert, when, where, and why not. */
export function AlertTrail({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(whyQuery(id));
  const alert = data?.alerts[0];
  if (alert) return <Receivers alert={alert} notes={data.notes} />;
  if (error) return <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />;
  return <Skeleton height={120} />;
}

function Receivers({ alert, notes }: { alert: WhyAlert; notes: string[] }) {
  const led = alert.receivers.filter((receiver) => !isUntouched(receiver));
  const untouched = alert.receivers.filter(isUntouched);
  const everybody = alert.verdicts.at(-1);
  return (
    <>
      {led.length === 0 && (
        <Text size="sm" c="dimmed" mb={untouched.length > 0 ? 10 : 0}>
          <Sentence text={everybody ? `Nobody is told: ${lowered(everybody.sentence)}` : "Nobody is told: no receiver wants it."} />
        </Text>
      )}
      {led.length > 0 && (
        <ul className={classes.receivers}>
          {led.map((receiver) => (
            <ReceiverTrail key={receiver.id} receiver={receiver} />
          ))}
        </ul>
      )}
      <Untouched receivers={untouched} more={alert.more_receivers} />
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed" mt={8}>
          <Sentence text={note} />
        </Text>
      ))}
    </>
  );
}

/** Those to whom nothing leads, out of the way. */
function Untouched({ receivers, more }: { receivers: WhyReceiver[]; more: number }) {
  const count = receivers.length + more;
  if (count === 0) return null;
  return (
    <details className={classes.others}>
      <summary>
        {count === 1 ? "1 receiver is not meant to hear of it" : `${String(count)} receivers are not meant to hear of it`}
      </summary>
      <ul>
        {receivers.map((receiver) => (
          <li key={receiver.id} className="wrap-anywhere">
            <strong>{receiver.name}</strong> <Sentence text={receiver.sentence} />
          </li>
        ))}
        {more > 0 && <li>And {more} more.</li>}
      </ul>
    </details>
  );
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
