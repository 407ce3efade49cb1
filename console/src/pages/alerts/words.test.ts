import { expect, it } from "vitest";

import { alert } from "../../../dev/mock/fixtures";
import { messageOf, severityFilters } from "./words";

it("says the name where there is no summary", () => {
  expect(messageOf(alert({ summary: "  ", name: "DiskFull" }))).toBe("DiskFull");
  expect(messageOf(alert({ summary: "", name: "" }))).toBe("(no name)");
});

it("offers the severities of others behind its own, the commonest first", () => {
  const counts = { warning: 3, none: 1, "": 5, page: 2, Critical: 4 };
  expect(severityFilters(counts)).toEqual(["critical", "error", "warning", "info", "Critical", "page"]);
});
