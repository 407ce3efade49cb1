import { paths } from "./paths";

/** The id of a silence. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Where a link to one of Alertmanager's own pages leads here, or null if it is none. `hash` is what stands behind the
 * `#`, as in `/alerts?filter={severity="critical"}`. Such links stand in messages that were sent long ago.
 */
export function placeOfOldLink(hash: string) {
  const [path = "", ...rest] = hash.replace(/^#/, "").split("?");
  const search = new URLSearchParams(rest.join("?"));
  const filter = search.get("filter") ?? undefined;
  const [first, second, third] = path.split("/").filter((part) => part !== "");
  if (first === "alerts") return paths.alerts(present({ q: inBraces(filter), receiver: search.get("receiver") ?? undefined }));
  if (first === "status") return paths.status();
  if (first !== "silences") return null;
  if (second === "new") return paths.newSilence(present({ matchers: inBraces(filter) }));
  if (second === "edit" && third !== undefined && ID.test(third)) return paths.editSilence(third);
  return second !== undefined && ID.test(second) ? paths.silence(second) : paths.silences();
}

/** Matchers as the pages here take them. */
function inBraces(filter: string | undefined): string | undefined {
  const text = filter?.trim() ?? "";
  if (text === "" || text === "{}") return undefined;
  return text.startsWith("{") ? text : `{${text}}`;
}

/** Without what is not there. */
function present<Search extends Record<string, string | undefined>>(search: Search): { [Name in keyof Search]?: string } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as { [Name in keyof Search]?: string };
}
