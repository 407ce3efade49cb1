/** A piece of Slack's mrkdwn: text, a link, a moment in milliseconds since the Unix epoch. */
export type Piece =
  | { kind: "text" | "bold" | "code"; text: string }
  | { kind: "link"; text: string; url: string; isBold: boolean }
  | { kind: "date"; at: number };

/** The signs that Larum begins its messages with; other shortcodes stay what they are. */
const signs: Record<string, string> = {
  hourglass: "⌛",
  large_blue_circle: "🔵",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  red_circle: "🔴",
  test_tube: "🧪",
  white_check_mark: "✅",
  white_circle: "⚪",
};

const MARKS = /`(?<code>[^`\n]+)`|(?<star>\*?)<(?<url>https?:[^|>]+)(?:\|(?<label>[^>]+))?>\k<star>|<!date\^(?<date>\d+)\^[^>]*>|\*(?<bold>[^*\n]+)\*/g;

/**
 * The pieces of a text, by the marks that Larum writes (Slack, "Formatting text for app surfaces").
 * All else is text, so that nothing that came with an alert becomes anything else.
 */
export function piecesOf(mrkdwn: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of mrkdwn.matchAll(MARKS)) {
    if (match.index > end) pieces.push({ kind: "text", text: plain(mrkdwn.slice(end, match.index)) });
    pieces.push(pieceOf(match.groups ?? {}));
    end = match.index + match[0].length;
  }
  if (end < mrkdwn.length) pieces.push({ kind: "text", text: plain(mrkdwn.slice(end)) });
  return pieces;
}

function pieceOf({ code, star, url, label, date, bold }: Partial<Record<string, string>>): Piece {
  if (code !== undefined) return { kind: "code", text: unescaped(code) };
  if (url !== undefined) return { kind: "link", text: plain(label ?? url), url: unescaped(url), isBold: star === "*" };
  if (date !== undefined) return { kind: "date", at: Number(date) * 1000 };
  return { kind: "bold", text: plain(bold ?? "") };
}

function plain(text: string): string {
  return unescaped(text).replace(/:([a-z_]+):/g, (code, name: string) => signs[name] ?? code);
}

/** Slack escapes exactly three characters. */
function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
