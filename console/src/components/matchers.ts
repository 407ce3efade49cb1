import type { SilenceMatcher } from "../api/types";

/**
 * The matchers in a text: those between commas, but not between commas in quotes.
 * `{a="1,2", b=~"x"}` is two of them.
 */
export function matchersOf(text: string | undefined): string[] {
  const bare = (text ?? "").trim().replace(/^\{/, "").replace(/\}$/, "");
  const parts = bare.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The text of the matchers that let these labels through, and no others with these names. */
export function matchersFor(labels: Record<string, string>): string {
  const named = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));
  return Object.entries(labels).map(([name, value]) => `${named(name)}=${quoted(value)}`).join(", ");
}

/** A matcher as Alertmanager reads it. */
export function matcherText({ name, operator, value }: SilenceMatcher): string {
  return `${/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name)}${operator}${quoted(value)}`;
}

/** Matchers as Alertmanager reads them: `{a="b", c=~"d"}`. */
export function matchersText(matchers: SilenceMatcher[]): string {
  return `{${matchers.map(matcherText).join(", ")}}`;
}

/** A series as it is written in PromQL: `up{instance="a", job="b"}`; a name that needs quotes stands among the labels. */
export function seriesName({ __name__: name = "", ...labels }: Record<string, string>): string {
  const matchers = matchersFor(Object.fromEntries(Object.entries(labels).sort(([first], [second]) => (first < second ? -1 : 1))));
  const isBare = /^[A-Za-z_:][\w:]*$/.test(name);
  const inside = [name === "" || isBare ? "" : quoted(name), matchers].filter((part) => part !== "").join(", ");
  const bare = isBare ? name : "";
  return inside === "" && bare !== "" ? bare : `${bare}{${inside}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, String.raw`\$&`).replace(/\n/g, String.raw`\n`)}"`;
}
