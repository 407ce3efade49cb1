/** A text in a message; `text` is mrkdwn. */
interface Mrkdwn {
  text: string;
}

/** The parts of Slack's Block Kit that Larum's messages are made of. */
export interface Block {
  type: string;
  text?: Mrkdwn;
  fields?: Mrkdwn[];
  elements?: Mrkdwn[];
}

/** A message as it is sent, as far as it can be drawn. */
export interface SlackMessage {
  text: string;
  attachments?: { color: string; blocks: Block[] }[];
}

/** The message of a delivery, or null for a text that is none. */
export function messageOf(json: string): SlackMessage | null {
  try {
    const message = JSON.parse(json) as SlackMessage;
    return typeof message.text === "string" ? message : null;
  } catch {
    return null;
  }
}

/** JSON text with line breaks for reading; text that is no JSON stays as it is. */
export function formattedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
