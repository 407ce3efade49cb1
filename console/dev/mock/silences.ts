/** What the mock says about silences. */
import type { Alert, Silence, SilenceDraft, SilencedBy, SilenceMatcher, SilencePreviewDraft, SilenceUpdate } from "../../src/api/types";
import { ago } from "./fixtures.ts";
import { invalid, ok, problem, type Handler, type Reply } from "./reply.ts";
import type { Scenario } from "./scenarios.ts";

/** A silence as the server would send it. */
export function silence(patch: Partial<Silence> = {}): Silence {
  return {
    id: "5e1f0000-0000-4000-8000-000000000001",
    state: "active",
    matchers: [{ name: "alertname", operator: "=", value: "NodeMemoryHigh" }],
    starts_at: ago(25),
    ends_at: ago(-95),
    updated_at: ago(25),
    created_by: "admin",
    comment: "Known",
    annotations: {},
    hides: 0,
    ...patch,
  };
}

/** How an alert names what silences it. */
export function silencerOf({ id, created_by, comment, ends_at }: Silence): SilencedBy {
  return { id, created_by, comment, ends_at };
}

/** Every request about them. */
export const silenceHandlers: Handler[] = [
  ["GET", /^\/silences$/, ({ scenario, query }) => ok(listed(scenario, query))],
  ["POST", /^\/silences\/preview$/, ({ scenario, body }) => preview(scenario, body)],
  ["POST", /^\/silences$/, ({ scenario, body }) => save(scenario, null, body)],
  ["GET", /^\/silences\/(.+)$/, ({ scenario, id }) => known(scenario, id, ok)],
  ["PUT", /^\/silences\/(.+)$/, ({ scenario, id, body }) => known(scenario, id, (saved) => edit(scenario, saved, body))],
  ["DELETE", /^\/silences\/(.+)$/, ({ scenario, id }) => known(scenario, id, (saved) => ok(expired(scenario, saved)))],
];

function known(scenario: Scenario, id: string, reply: (silence: Silence) => Reply): Reply {
  const found = scenario.silences.find((one) => one.id === id);
  if (found) return reply(found);
  return problem(404, "not_found", "There is no such silence, or it ended long ago.");
}

function listed({ silences }: Scenario, query: URLSearchParams) {
  const states = (query.get("state") ?? "active,pending").split(",");
  const q = (query.get("q") ?? "").toLowerCase();
  const found = silences.filter((one) => states.includes(one.state) && JSON.stringify(one).toLowerCase().includes(q));
  const count = (state: Silence["state"]) => silences.filter((one) => one.state === state).length;
  return { silences: found, total: found.length, counts: { active: count("active"), pending: count("pending"), expired: count("expired") } };
}

function expired(scenario: Scenario, saved: Silence): Silence {
  Object.assign(saved, { state: "expired", ends_at: ago(0), updated_at: ago(0), hides: 0 });
  for (const alert of scenario.alerts) alert.silenced = alert.silenced.filter(({ id }) => id !== saved.id);
  return saved;
}

function edit(scenario: Scenario, saved: Silence, update: SilenceUpdate): Reply {
  if (update.updated_at !== saved.updated_at) {
    return { status: 409, json: { type: "about:blank", title: "Conflict", status: 409, code: "conflict", detail: "Somebody changed this silence in the meantime: see what it is now.", current: saved } };
  }
  return save(scenario, saved, update);
}

function save(scenario: Scenario, saved: Silence | null, draft: SilenceDraft): Reply {
  const matchers = read(draft);
  if (!Array.isArray(matchers)) return matchers;
  if (draft.comment.trim() === "") return invalid("comment", "Say why, so that others know.");
  const isInPlace = saved?.state !== "expired" && JSON.stringify(saved?.matchers) === JSON.stringify(matchers);
  const isPending = draft.starts_at ? Date.parse(draft.starts_at) > Date.now() : false;
  const made = silence({
    id: saved && isInPlace ? saved.id : `5e1f0000-0000-4000-8000-00000000001${scenario.silences.length}`,
    state: isPending ? "pending" : "active",
    matchers,
    starts_at: saved && isInPlace ? saved.starts_at : (draft.starts_at ?? ago(0)),
    ends_at: draft.ends_at ?? ago(-120),
    updated_at: ago(0),
    created_by: saved?.created_by ?? "admin",
    comment: draft.comment,
    hides: hidden(scenario, matchers).length,
  });
  if (saved && !isInPlace) expired(scenario, saved);
  scenario.silences = [...scenario.silences.filter(({ id }) => id !== made.id), made];
  if (!isPending) for (const alert of hidden(scenario, matchers)) alert.silenced = [silencerOf(made)];
  return saved ? ok({ ...made, replaces: isInPlace ? null : saved.id }) : { status: 201, json: made };
}

function preview(scenario: Scenario, draft: SilencePreviewDraft): Reply {
  const matchers = read(draft);
  if (!Array.isArray(matchers)) return matchers;
  const alerts = hidden(scenario, matchers);
  const firing = scenario.alerts.filter(isToBeTold).length;
  return ok({ matchers, warning: null, hides: alerts.length, firing, hides_most: alerts.length * 2 > firing, alerts });
}

function isToBeTold({ state, heartbeat }: Alert): boolean {
  return state === "firing" && !heartbeat;
}

function hidden(scenario: Scenario, matchers: SilenceMatcher[]): Alert[] {
  return scenario.alerts.filter((alert) => isToBeTold(alert) && matchers.every((matcher) => matches(matcher, alert.labels[matcher.name] ?? "")));
}

function matches({ operator, value }: SilenceMatcher, found: string): boolean {
  switch (operator) {
    case "=":
      return found === value;
    case "!=":
      return found !== value;
    case "=~":
      return new RegExp(`^(?:${value})$`).test(found);
    case "!~":
      return !new RegExp(`^(?:${value})$`).test(found);
  }
}

/** As little of the syntax as looking at pages needs. */
function read({ matchers, text }: SilencePreviewDraft): SilenceMatcher[] | Reply {
  const given = matchers ?? [...(text ?? "").matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(([, name = "", operator, value = ""]) => ({ name, operator, value }) as SilenceMatcher);
  if (given.length === 0 && text) return invalid("text", `Bad matcher format: ${text}.`);
  if (given.length === 0) return invalid("matchers", "Add at least one matcher.");
  const wrong = given.findIndex(({ operator, value }) => operator.endsWith("~") && value.includes("("));
  if (wrong >= 0) return invalid(matchers ? `matchers[${wrong}].value` : "text", "This is no regular expression: unclosed group.");
  return given;
}
