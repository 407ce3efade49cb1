// The page's address: a channel behind the hash, or a message at the path that Slack gives its permalinks.

/** The channel (by name or id) and the `ts` of the message that an address asks for; either may be null. */
export function wanted(path, hash) {
  const name = readable(hash.slice(1));
  if (name) return { channel: name, ts: null };
  const [, channel, digits] = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{7,32}))?\/?$/.exec(path) ?? [];
  return { channel: channel ?? null, ts: digits ? `${digits.slice(0, -6)}.${digits.slice(-6)}` : null };
}

function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
