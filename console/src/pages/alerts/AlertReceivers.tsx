import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { AlertReceiver } from "../../api/types";
import { RelativeTime } from "../../components/RelativeTime";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import { told } from "./words";
import classes from "./Alerts.module.css";

/** Each receiver: told, about to be, or not, and why. */
export function AlertReceivers({ receivers }: { receivers: AlertReceiver[] }) {
  if (receivers.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There are no receivers: nobody is told.
      </Text>
    );
  }
  return (
    <ul className={classes.receivers}>
      {receivers.map((receiver) => (
        <li key={receiver.id}>
          <Tag tone={told[receiver.state].tone}>{told[receiver.state].word}</Tag>
          <div className="wrap-anywhere">
            <strong>{receiver.name}</strong>
            <Text size="sm" c="dimmed">
              {receiver.sentence}{" "}
              {receiver.inhibited && (
                <Link {...paths.alert(receiver.inhibited.alert)} resetScroll={false} className={classes.deliveries}>
                  See what inhibits it
                </Link>
              )}
              {receiver.state !== "not_told" && (
                <Link {...paths.deliveries({ receiver: String(receiver.id) })} className={classes.deliveries}>
                  See the deliveries
                </Link>
              )}
            </Text>
          </div>
          {receiver.at && (
            <Text span size="sm" c="dimmed">
              <RelativeTime at={receiver.at} />
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
