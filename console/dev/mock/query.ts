/** What the mock says to Prometheus' own API: a metric with two series, one that nobody measures, an error or two. */
interface Reply {
  status: number;
  json?: unknown;
}

const known = [
  { __name__: "node_load1", instance: "10.0.0.11:9100", job: "node" },
  { __name__: "node_load1", instance: "10.0.0.12:9100", job: "node" },
];

/** The answer to an expression at one time or over a span. */
export function queried(path: "query" | "query_range", asked: URLSearchParams): Reply {
  const expr = asked.get("query") ?? "";
  if (expr.endsWith(">")) return refused(400, "bad_data", 'invalid parameter "query": 1:13: parse error: unexpected end of input');
  if (expr.includes("slow")) return refused(503, "timeout", "query timed out in expression evaluation");
  if (expr === "1 + 1" && path === "query") return answered("scalar", [1_767_225_600, "2"]);
  const found = expr.includes("node_load1") ? known : [];
  const warnings = expr.includes("warns") ? { warnings: ["PromQL warning: odd"] } : {};
  if (path === "query") return answered("vector", found.map((metric, index) => ({ metric, value: [Number(asked.get("time")), index === 0 ? "0.25" : "+Inf"] })), warnings);
  return answered("matrix", found.map((metric, index) => ({ metric, values: timesOf(asked).map((time) => [time, String(index + Math.sin(time / 600))]) })), warnings);
}

function timesOf(asked: URLSearchParams): number[] {
  const [start = 0, end = 0, step = 1] = ["start", "end", "step"].map((name) => Number(asked.get(name)));
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function answered(resultType: string, result: unknown, more: object = {}): Reply {
  return { status: 200, json: { status: "success", data: { resultType, result }, ...more } };
}

function refused(status: number, errorType: string, error: string): Reply {
  return { status, json: { status: "error", errorType, error } };
}
