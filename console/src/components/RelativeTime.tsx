import { Tooltip } from "@mantine/core";

import { duration, exact, relative, until } from "./time";
import { useNow } from "./use-now";

/** `5 min ago`, with the exact time in a tooltip. */
export function RelativeTime({ at }: { at: string }) {
  return <Moment at={at} words={relative} />;
}

/** `5 min`: how long something has been so, with the exact start in a tooltip. */
export function Since({ at }: { at: string }) {
  return <Moment at={at} words={(moment, now) => duration(now - moment)} />;
}

/** `in 5 min`: how long it is until something happens, with the exact time in a tooltip. */
export function Until({ at }: { at: string }) {
  return <Moment at={at} words={until} />;
}

function Moment({ at, words }: { at: string; words: (moment: number, now: number) => string }) {
  const now = useNow();
  const moment = Date.parse(at);
  return (
    <Tooltip label={exact(moment)} openDelay={150}>
      <time dateTime={at} className="tabular" style={{ whiteSpace: "nowrap" }}>
        {words(moment, now)}
      </time>
    </Tooltip>
  );
}
