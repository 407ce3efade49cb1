import { toggleWord, words } from "../search-params";
import { capitalised } from "./severity";
import classes from "./FilterChips.module.css";

interface FilterChipsProps {
  /** What is filtered, for those who do not see it: `State`. */
  label: string;
  options: readonly string[];
  /** The chosen words joined by commas, as in the address; undefined chooses nothing. */
  value: string | undefined;
  counts?: Partial<Record<string, number>> | undefined;
  /** What a chip says for its option. */
  word?: (option: string) => string;
  onChange: (value: string | undefined) => void;
}

/** Words that can be switched on and off, each with how many there are. */
export function FilterChips({ label, options, value, counts, word = capitalised, onChange }: FilterChipsProps) {
  const chosen = words(value);
  return (
    <div className={classes.chips} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          className={classes.chip}
          aria-pressed={chosen.includes(option)}
          onClick={() => onChange(toggleWord(value, option))}
        >
          {word(option)}
          {counts && <span className={classes.count}>{counts[option] ?? 0}</span>}
        </button>
      ))}
    </div>
  );
}
