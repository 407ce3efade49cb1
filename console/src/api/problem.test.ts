import { describe, expect, it } from "vitest";

import { ApiProblem, asProblem, fieldError, fieldErrorWithin } from "./problem";

describe("a problem", () => {
  const problem = new ApiProblem({ status: 422, code: "invalid", detail: "Add a value.", field: "conditions[0].values" });

  it("appears at the field it names and nowhere else", () => {
    expect(fieldError(problem, "conditions[0].values")).toBe("Add a value.");
    expect(fieldError(problem, "conditions[1].values")).toBeNull();
    expect(fieldError(null, "conditions[0].values")).toBeNull();
  });

  it("appears at the field around it", () => {
    expect(fieldErrorWithin(problem, "conditions")).toBe("Add a value.");
    expect(fieldErrorWithin(new ApiProblem({ field: "channels[20]", detail: "Too many." }), "channels")).toBe("Too many.");
    expect(fieldErrorWithin(new ApiProblem({ field: "channel_limit", detail: "No." }), "channel")).toBeNull();
  });

  it("says that nobody answers when the network fails", () => {
    expect(asProblem(new TypeError("Failed to fetch")).code).toBe("unreachable");
  });
});
