//! The commands of a file: `clear`, `load`, `eval`.

use std::collections::BTreeSet;

use larum_core::duration::parse_duration;
use larum_core::label::LabelSet;

use super::expected::{self, Expected, Results, Times, Wording};
use super::series::{self, Point, SeriesLine};

/// A command, and the line on which it begins, counted from one.
#[derive(Debug)]
pub(super) struct Command {
    pub line: usize,
    pub what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Clear,
    Load(Load),
    Eval(Box<Eval>),
    /// A command, or a line of a load, that cannot be read: its text, and why.
    Broken {
        text: String,
        reason: String,
    },
}

#[derive(Debug)]
pub(super) struct Load {
    /// Milliseconds from one point to the next.
    pub step: i64,
    /// Classic histograms are to be loaded as native ones too.
    pub as_native: bool,
    pub series: Vec<SeriesLine>,
    /// The series of which another line says when they began (`name@st …`); Larum does not know start timestamps.
    pub with_starts: BTreeSet<LabelSet>,
}

#[derive(Debug)]
pub(super) struct Eval {
    pub expression: String,
    /// The one time of an instant, or the times of a range.
    pub when: When,
    pub expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Instant(i64),
    Range(Times),
}

/// Reads all commands of `text`; what cannot be read is a command of its own, and reading goes on behind it.
pub(super) fn commands(text: &str, most_points: usize) -> Vec<Command> {
    let lines = text.lines().map(without_comment).collect();
    let mut lines = Lines { lines, next: 0, points: most_points, broken: Vec::new() };
    let mut commands = Vec::new();
    while lines.next < lines.lines.len() {
        let line = lines.lines[lines.next];
        lines.next += 1;
        if line.is_empty() {
            continue;
        }
        let number = lines.next;
        let what = lines.command(line).unwrap_or_else(|reason| {
            lines.skip_block();
            What::Broken { text: line.to_owned(), reason }
        });
        commands.push(Command { line: number, what });
        commands.append(&mut lines.broken);
    }
    commands
}

/// A line without white space around it; nothing if it is a comment.
fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') { "" } else { line }
}

struct Lines<'a> {
    lines: Vec<&'a str>,
    next: usize,
    /// How many points may still be loaded or expected.
    points: usize,
    /// The lines of the command being read that cannot be, though the rest of it can.
    broken: Vec<Command>,
}

impl<'a> Lines<'a> {
    fn command(&mut self, line: &str) -> Result<What, String> {
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "clear" => Ok(What::Clear),
            _ if word.starts_with("load") => self.load(line).map(What::Load),
            _ if word.starts_with("eval") => self.eval(line).map(|eval| What::Eval(Box::new(eval))),
            _ => Err(format!("{line:?} is no command")),
        }
    }

    /// The next line of the block; none at its end, which is an empty line or a comment.
    fn of_block(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.next).copied().filter(|line| !line.is_empty())?;
        self.next += 1;
        Some(line)
    }

    fn skip_block(&mut self) {
        while self.of_block().is_some() {}
    }

    fn series(&mut self, line: &str) -> Result<SeriesLine, String> {
        let (labels, rest) = series::metric(line)?;
        Ok(SeriesLine { labels, points: self.points(rest)? })
    }

    fn points(&mut self, text: &str) -> Result<Vec<Point>, String> {
        let points = series::points(text, self.points)?;
        self.points -= points.len();
        Ok(points)
    }

    fn load(&mut self, line: &str) -> Result<Load, String> {
        let (word, step) = line.split_once(char::is_whitespace).ok_or("load needs a step")?;
        let as_native = match word {
            "load" => false,
            "load_with_nhcb" => true,
            _ => return Err(format!("{word} is no command")),
        };
        let step = millis(step.trim())?;
        let mut load = Load { step, as_native, series: Vec::new(), with_starts: BTreeSet::new() };
        while let Some(line) = self.of_block() {
            // One series that cannot be read says nothing against the others.
            if let Err(reason) = self.loaded(line, &mut load) {
                self.broken
                    .push(Command { line: self.next, what: What::Broken { text: line.to_owned(), reason } });
            }
        }
        Ok(load)
    }

    /// Reads one line of a load.
    fn loaded(&mut self, line: &str, load: &mut Load) -> Result<(), String> {
        let (labels, rest) = series::metric(line)?;
        if rest.starts_with("@st") {
            load.with_starts.insert(labels);
        } else {
            load.series.push(SeriesLine { labels, points: self.points(rest)? });
        }
        Ok(())
    }

    fn eval(&mut self, line: &str) -> Result<Eval, String> {
        let (word, rest) = line.split_once(char::is_whitespace).ok_or("eval needs a time")?;
        let (kind, rest) = word_of(rest);
        let known = match word {
            "eval_ordered" => kind == "instant",
            _ => ["eval", "eval_fail", "eval_warn", "eval_info"].contains(&word),
        };
        if !known {
            return Err(format!("{word} {kind} is no command"));
        }
        let (when, expression) = match kind {
            "instant" => instant(rest)?,
            "range" => range(rest)?,
            _ => return Err(format!("eval is `instant` or `range`, not {kind:?}")),
        };
        if expression.is_empty() {
            return Err("eval needs an expression".to_owned());
        }
        let mut eval = Eval { expression: expression.to_owned(), when, expected: Expected::default() };
        self.expected(&mut eval, word == "eval_fail")?;
        eval.expected.take_older(word);
        Ok(eval)
    }

    /// Reads what is expected of an evaluation.
    fn expected(&mut self, eval: &mut Eval, older_fail: bool) -> Result<(), String> {
        let mut found: Vec<(LabelSet, Vec<Point>)> = Vec::new();
        let mut range = None;
        while let Some(line) = self.of_block() {
            let told = |reason: String| format!("{line}: {reason}");
            if let Some(times) = line.strip_prefix("expect range vector") {
                let (times, rest) = times_of(times.trim()).map_err(told)?;
                if !rest.is_empty() {
                    return Err(told(format!("{rest:?} was not expected")));
                }
                eval.when = When::Instant(times.to);
                range = Some(times);
            } else if let Some(literal) = line.strip_prefix("expect string") {
                eval.expected.result = Results::Text(expected::text(literal).map_err(told)?);
            } else if word_of(line).0 == "expect" {
                eval.expected.take(word_of(line).1).map_err(told)?;
            } else if let Some(message) = line.strip_prefix("expected_fail_message").filter(|_| older_fail) {
                eval.expected.fail = Some(Wording::Exactly(message.trim().to_owned()));
                break;
            } else if let Some(pattern) = line.strip_prefix("expected_fail_regexp").filter(|_| older_fail) {
                eval.expected.fail = Some(Wording::like(pattern).map_err(told)?);
                break;
            } else if let Some(number) = plain_number(line) {
                eval.expected.result = Results::Scalar(number);
                break;
            } else {
                let SeriesLine { labels, points } = self.series(line).map_err(told)?;
                if points.is_empty()
                    || (points.len() > 1 && range.is_none() && matches!(eval.when, When::Instant(_)))
                {
                    return Err(told(format!("one value was expected, got {}", points.len())));
                }
                // A series that is written twice counts as it is written last, as in Prometheus.
                found.retain(|(others, _)| *others != labels);
                found.push((labels, points));
            }
        }
        if let Some(times) = range {
            eval.expected.result = Results::Range { times, series: found };
        } else if !found.is_empty() {
            eval.expected.result = Results::Series(found);
        }
        Ok(())
    }
}

/// The first word, and what stands behind it.
fn word_of(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

fn millis(text: &str) -> Result<i64, String> {
    let span = parse_duration(text).map_err(|error| error.to_string())?;
    i64::try_from(span.as_millis()).map_err(|_| format!("{text} is too long"))
}

/// Takes `word value`.
fn named<'a>(text: &'a str, word: &str) -> Result<(i64, &'a str), String> {
    let (found, rest) = word_of(text);
    if found != word {
        return Err(format!("`{word}` was expected, not {found:?}"));
    }
    let (value, rest) = word_of(rest);
    Ok((millis(value)?, rest))
}

fn instant(text: &str) -> Result<(When, &str), String> {
    let (at, expression) = named(text, "at")?;
    Ok((When::Instant(at), expression))
}

fn range(text: &str) -> Result<(When, &str), String> {
    let (times, expression) = times_of(text)?;
    Ok((When::Range(times), expression))
}

/// Takes `from … to … step …`.
fn times_of(text: &str) -> Result<(Times, &str), String> {
    let (from, rest) = named(text, "from")?;
    let (to, rest) = named(rest, "to")?;
    let (step, rest) = named(rest, "step")?;
    if to < from {
        return Err("the end is before the start".to_owned());
    }
    Ok((Times { from, to, step }, rest))
}

/// A number that is all of a line: also `0x1f`, `0b11`, `0o17`, `017` and `1_000`, as Go reads integers.
fn plain_number(line: &str) -> Option<f64> {
    let (sign, unsigned) = match line.strip_prefix('-') {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, line.strip_prefix('+').unwrap_or(line)),
    };
    let digits = unsigned.replace('_', "");
    let radix = [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8), ("0", 8)];
    let whole = radix.iter().find_map(|(prefix, radix)| {
        let digits = digits.strip_prefix(prefix).filter(|digits| !digits.is_empty())?;
        i64::from_str_radix(digits, *radix).ok()
    });
    match whole {
        Some(whole) => Some(sign * whole as f64),
        None if line.contains('_') => digits.parse::<i64>().ok().map(|whole| sign * whole as f64),
        None => series::number(line),
    }
}
