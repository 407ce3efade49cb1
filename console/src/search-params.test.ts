import { expect, it } from "vitest";

import { parseSearch, pick, stringifySearch, toggleWord, words } from "./search-params";

it("writes addresses that a person can read", () => {
  expect(stringifySearch({ state: "firing,pending", q: "50 %", page: undefined, severity: "" })).toBe("?state=firing,pending&q=50+%25");
  expect(stringifySearch({})).toBe("");
});

it("reads back what it wrote", () => {
  const search = { q: "a=b&c", state: "firing" };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

it("leaves out what it does not know", () => {
  expect(pick({ q: "x", page: 3, other: "y" }, ["q", "page"])).toEqual({ q: "x" });
});

it("adds and removes words", () => {
  expect(toggleWord(undefined, "firing")).toBe("firing");
  expect(toggleWord("firing", "pending")).toBe("firing,pending");
  expect(toggleWord("firing", "firing")).toBeUndefined();
  expect(words(undefined)).toEqual([]);
});
