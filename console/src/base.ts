/** The path below which the console is, with a slash at both ends. */
export const base = baseOf(import.meta.url);

/**
 * Where the console lies, told by where its script came from: `assets/` or `src/` below it. So it is right whatever a
 * proxy or the server's flags put in front of the path. Tests read the script from a file: there it is `/`.
 */
export function baseOf(script: string): string {
  const url = new URL(script);
  if (url.protocol === "file:") return "/";
  return url.pathname.replace(/[^/]*\/[^/]*$/, "");
}

/** The whole address of the console as this browser sees it, without a slash at its end. */
export function siteAddress(): string {
  return new URL(base, globalThis.location.href).href.replace(/\/$/, "");
}

/** An address of the server's, seen from this page: `api/v1/query`. */
export function addressOf(path: string): string {
  return base + path;
}
