// Talks to the control plane.

async function ask(method, path, body) {
  const init = { method, headers: body === undefined ? {} : { "content-type": "application/json" } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(`/_sandbox/${path}`, init);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `the sandbox answered ${response.status}`);
  return answer;
}

export const readState = () => ask("GET", "state");
export const readNewest = (channel, newest) =>
  ask("GET", `messages?channel=${encodeURIComponent(channel)}&newest=${newest}`);
export const readAfter = (seq, newest) => ask("GET", `messages?after=${seq}&newest=${newest}`);
export const changeChannel = (channel, change) => ask("PATCH", `channels/${encodeURIComponent(channel)}`, change);
export const changeToken = (kind, change) => ask("PATCH", `tokens/${kind}`, change);
export const clearMessages = (channel) => ask("DELETE", `messages?channel=${encodeURIComponent(channel)}`);
export const inject = (fault) => ask("POST", "faults", fault);
export const clearFault = (id) => ask("DELETE", `faults/${id}`);
