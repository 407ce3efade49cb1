/**
 * Addresses that a person can read and write: `?state=firing,pending`, every value a plain text,
 * instead of the router's default of JSON.
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The opposite of `parseSearch`; what is empty or absent does not appear. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") params.set(name, value);
  }
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** Only the named texts of an address; whatever else stands there is left out. */
export function pick<Name extends string>(search: Record<string, unknown>, names: readonly Name[]): Partial<Record<Name, string>> {
  const picked: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === "string" && value !== "") picked[name] = value;
  }
  return picked;
}

/** The words of a list in the address. */
export function words(list: string | undefined): string[] {
  return list ? list.split(",").filter((word) => word !== "") : [];
}

/** The list with one word added, or removed where it stood. Undefined when nothing is left. */
export function toggleWord(list: string | undefined, word: string): string | undefined {
  const present = words(list);
  const next = present.includes(word) ? present.filter((other) => other !== word) : [...present, word];
  return next.length > 0 ? next.join(",") : undefined;
}
