import { describe, expect, it } from "vitest";

import { receiver } from "../../../../dev/mock/fixtures";
import {
  addChannel,
  addCondition,
  changeCondition,
  channelKey,
  draftOf,
  formOf,
  isChanged,
  newForm,
  removeCondition,
  setFiltered,
  shownChannel,
  type ReceiverForm,
} from "./receiver-form";

const LIMIT = 20;

function withTyped(form: ReceiverForm, typedChannel: string): ReceiverForm {
  return { ...form, typedChannel };
}

function added(form: ReceiverForm, typed: string): ReceiverForm {
  const result = addChannel(withTyped(form, typed), LIMIT);
  if ("refusal" in result) throw new Error(result.refusal);
  return result.form;
}

function refusal(form: ReceiverForm, typed: string): string {
  const result = addChannel(withTyped(form, typed), LIMIT);
  return "refusal" in result ? result.refusal : "added";
}

describe("channels", () => {
  it("takes spellings of one channel for one", () => {
    const form = added(newForm("Slack"), " #Alerts ");
    expect(form.channels).toEqual(["#alerts"]);
    for (const spelling of ["alerts", "#alerts", "ALERTS", "  alerts"]) {
      expect(refusal(form, spelling)).toContain("already in the list");
    }
  });

  it("keeps an id as it is and tells it from a name", () => {
    expect(shownChannel(" C024BE91L ")).toBe("C024BE91L");
    expect(shownChannel("c024be91l")).toBe("#c024be91l");
    expect(channelKey("##ops")).toBe("ops");
    expect(shownChannel("CRITICALS")).toBe("#criticals");
    expect(shownChannel("#DATABASE1")).toBe("#database1");
    expect(refusal(added(newForm("Slack"), "#c024be91l"), "C024BE91L")).toBe("added");
  });

  it("refuses nothing at all and the 21st with the number", () => {
    expect(refusal(newForm("Slack"), "  ")).toContain("Enter a channel");
    expect(refusal(newForm("Slack"), "#")).toContain("Enter a channel");
    let form = newForm("Slack");
    for (let number = 1; number <= LIMIT; number += 1) form = added(form, `channel-${number}`);
    expect(form.channels).toHaveLength(LIMIT);
    expect(refusal(form, "one-more")).toContain("at most 20");
  });

  it("saves a channel that was typed and not added", () => {
    const form = withTyped(added(newForm("Slack"), "alerts"), "ops");
    expect(draftOf(form).channels).toEqual(["#alerts", "#ops"]);
  });
});

describe("conditions", () => {
  it("begins with an empty row and brings rows back when switched on again", () => {
    const on = setFiltered(newForm("Slack"), true);
    expect(on.conditions).toHaveLength(1);
    const typed = changeCondition(on, 0, { label: "severity", values: ["critical"] });
    const offAndOn = setFiltered(setFiltered(typed, false), true);
    expect(draftOf(setFiltered(typed, false)).conditions).toBeNull();
    expect(draftOf(offAndOn).conditions).toEqual([{ label: "severity", operator: "In", values: ["critical"] }]);
  });

  it("takes a value that is typed and not confirmed", () => {
    const form = changeCondition(setFiltered(newForm("Slack"), true), 0, { label: "pod", values: ["a"], typed: "b c" });
    expect(draftOf(form).conditions).toEqual([{ label: "pod", operator: "In", values: ["a", "b c"] }]);
  });

  it("sends no values with Exists, and has them again after it", () => {
    const form = changeCondition(setFiltered(newForm("Slack"), true), 0, { label: "pod", values: ["a"], typed: "b" });
    const exists = changeCondition(form, 0, { operator: "Exists" });
    expect(draftOf(exists).conditions).toEqual([{ label: "pod", operator: "Exists", values: [] }]);
    expect(draftOf(changeCondition(exists, 0, { operator: "NotIn" })).conditions?.[0]?.values).toEqual(["a", "b"]);
  });

  it("forgets the values of another label", () => {
    const form = changeCondition(setFiltered(newForm("Slack"), true), 0, { label: "severity", values: ["critical"] });
    expect(changeCondition(form, 0, { label: "pod" }).conditions[0]?.values).toEqual([]);
  });

  it("removes the row it is asked to, and never gives a key twice", () => {
    const three = addCondition(addCondition(setFiltered(newForm("Slack"), true)));
    const two = removeCondition(three, 1);
    expect(two.conditions.map(({ key }) => key)).toEqual([0, 2]);
    expect(addCondition(two).conditions.map(({ key }) => key)).toEqual([0, 2, 3]);
  });
});

describe("changes", () => {
  const saved = formOf(receiver());

  it("knows an untouched form", () => {
    expect(isChanged(saved, formOf(receiver()))).toBe(false);
  });

  it("sees every kind of change", () => {
    expect(isChanged({ ...saved, enabled: false }, saved)).toBe(true);
    expect(isChanged({ ...saved, token: "xoxb-1" }, saved)).toBe(true);
    expect(isChanged(withTyped(saved, "more"), saved)).toBe(true);
    expect(isChanged(setFiltered(saved, false), saved)).toBe(true);
    expect(isChanged(changeCondition(saved, 0, { typed: "x" }), saved)).toBe(true);
  });

  it("does not take spaces for a change", () => {
    expect(isChanged({ ...saved, name: `${saved.name} ` }, saved)).toBe(false);
    expect(isChanged(withTyped(saved, "  "), saved)).toBe(false);
  });

  it("keeps the saved token unless another is typed", () => {
    expect(draftOf(saved).token).toBeNull();
    expect(draftOf({ ...saved, token: "xoxp-2" }).token).toBe("xoxp-2");
  });
});
