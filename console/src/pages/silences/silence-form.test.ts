import { expect, it } from "vitest";

import { silence } from "../../../dev/mock/silences";
import { amtoolCommand } from "./amtool";
import { addRow, asText, changeRow, draftOfForm, endOf, formOfAgain, formOfLabels, formOfSilence, isAskable, newSilenceForm, nextMonday, removeRow } from "./silence-form";
import { hidesWords, mostWords } from "./words";

const HOUR = 3_600_000;

it("takes the labels of an alert as matchers, its name first", () => {
  const form = formOfLabels({ severity: "warning", alertname: "DiskFull", node: "web-1" });
  expect(form.rows.map(({ name, operator, value }) => `${name}${operator}${value}`)).toEqual(["alertname=DiskFull", "node=web-1", "severity=warning"]);
  expect(draftOfForm(form, null, 0)).toMatchObject({ starts_at: null, duration: "2h", comment: "" });
});

it("adds, changes and removes rows, each known by its own key", () => {
  const form = addRow(removeRow(addRow(newSilenceForm()), 0));
  expect(form.rows.map(({ key }) => key)).toEqual([1, 2]);
  expect(changeRow(form, 2, { name: "node" }).rows[1]?.name).toBe("node");
  expect(isAskable(form)).toBe(false);
});

it("writes rows as Alertmanager reads them", () => {
  const form = { ...newSilenceForm(), rows: [{ key: 0, name: "a", operator: "=~", value: 'x"\\d' } as const, { key: 1, name: "gehäuse", operator: "!=", value: "" } as const, { key: 2, name: "", operator: "=", value: "" } as const] };
  expect(asText(form).text).toBe(String.raw`{a=~"x\"\\d", "gehäuse"!=""}`);
});

it("keeps the times of a silence that is edited, and counts anew for one that is made again", () => {
  const saved = silence({ state: "pending", starts_at: "2030-01-01T00:00:00.000Z", ends_at: "2030-01-02T00:00:00.500Z" });
  expect(draftOfForm(formOfSilence(saved), saved, 0)).toMatchObject({ starts_at: saved.starts_at, ends_at: saved.ends_at });
  expect(draftOfForm({ ...formOfSilence(saved), start: null }, saved, 0).starts_at).toBe("1970-01-01T00:00:00.000Z");
  expect(draftOfForm(formOfAgain(saved), null, 0)).toMatchObject({ starts_at: null, duration: "2h" });
});

it("says when it would end, counted from its beginning or from now", () => {
  const form = newSilenceForm();
  expect(endOf(form, 1000)).toBe(1000 + 2 * HOUR);
  expect(endOf({ ...form, start: 5 * HOUR }, 1000)).toBe(7 * HOUR);
  expect(endOf({ ...form, start: 5 }, 1000)).toBe(1000 + 2 * HOUR);
  expect(endOf({ ...form, end: { at: 7 } }, 1000)).toBe(7);
});

it("knows the next Monday at nine by the local clock", () => {
  const at = (text: string) => new Date(nextMonday(new Date(text).getTime()));
  expect(at("2026-11-22T12:00").toString()).toBe(new Date("2026-11-23T09:00").toString());
  expect(at("2026-11-23T08:59").toString()).toBe(new Date("2026-11-23T09:00").toString());
  expect(at("2026-11-23T09:00").toString()).toBe(new Date("2026-11-30T09:00").toString());
  expect(at("2026-11-24T00:00").toString()).toBe(new Date("2026-11-30T09:00").toString());
});

it("writes a silence as a command that a shell takes, whatever is in it", () => {
  const saved = silence({ matchers: [{ name: "a", operator: "=~", value: "it's $HOME" }], created_by: "ada", comment: "`id`; it's known", starts_at: "2026-11-22T10:00:00.000Z", ends_at: "2026-11-22T12:00:00.000Z" });
  const rest = String.raw`--comment='` + "`id`; it" + String.raw`'\''s known' --end=2026-11-22T12:00:00.000Z 'a=~"it'\''s $HOME"'`;
  expect(amtoolCommand(saved, "http://larum:9093")).toBe(`amtool silence add --alertmanager.url=http://larum:9093 --author=ada ${rest}`);
  expect(amtoolCommand({ ...saved, state: "expired" }, "http://larum:9093")).toContain("--duration=2h ");
  expect(amtoolCommand({ ...saved, state: "pending" }, "http://larum:9093")).toContain("--start=2026-11-22T10:00:00.000Z --end=");
});

it("counts in words", () => {
  expect(hidesWords({ hides: 3, firing: 7 })).toBe("It hides 3 of the 7 alerts that fire now.");
  expect(hidesWords({ hides: 0, firing: 1 })).toBe("It hides none of the 1 alert that fires now.");
  expect(mostWords({ hides: 4, firing: 7 })).toBe("These are 4 of 7 alerts that fire now: more than half.");
  expect(mostWords({ hides: 7, firing: 7 })).toBe("These are all 7 alerts that fire now.");
});
