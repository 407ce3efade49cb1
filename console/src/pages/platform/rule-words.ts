import type { RuleFiles } from "../../api/types";

/** What reading the files again came to. */
export function readWords({ files }: RuleFiles): string {
  const rules = files.reduce((total, file) => total + file.groups.reduce((sum, group) => sum + group.rules.length, 0), 0);
  const wrong = files.filter(({ error, broken }) => error !== null || broken.length > 0).length;
  const read = `Read ${plural(files.length, "file")} with ${plural(rules, "rule")}.`;
  return wrong === 0 ? read : `${read} ${plural(wrong, "file")} ${wrong === 1 ? "has" : "have"} errors, shown below.`;
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
