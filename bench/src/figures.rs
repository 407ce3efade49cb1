//! What came out, beside what was to come out.

use std::io::Write;
use std::time::Duration;

use crate::probe::{Answers, Stall};
use crate::scenarios::Scenario;
use crate::target::{Kind, Program};

/// One thing that is measured; less of it is better.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Row {
    /// What a person reads, with its unit.
    pub what: &'static str,
    /// The most that Larum may need.
    pub budget: Option<f64>,
}

impl Row {
    /// Something that Larum may need so much of at most.
    pub const fn budget(what: &'static str, budget: f64) -> Self {
        Self { what, budget: Some(budget) }
    }

    /// Something good to know.
    pub const fn figure(what: &'static str) -> Self {
        Self { what, budget: None }
    }

    /// Whether this is more than Larum may need.
    pub fn is_over(&self, figure: f64) -> bool {
        self.budget.is_some_and(|budget| figure > budget)
    }
}

/// A row with what each program needed.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Where it was measured.
    pub scenario: Scenario,
    /// What.
    pub row: Row,
    /// One figure a column: first what Larum is measured beside, then every Larum.
    pub figures: Vec<Option<f64>>,
}

/// All that was measured.
pub struct Figures {
    /// The names of all columns.
    pub columns: Vec<String>,
    /// In the order in which it was measured first.
    pub lines: Vec<Line>,
    /// Every answer that took too long, with its column.
    pub stalls: Vec<(Scenario, usize, Stall)>,
    /// What a Larum did wrong, in sentences.
    pub wrong: Vec<String>,
}

impl Figures {
    /// Nothing yet of these.
    pub fn new(larums: &[Program]) -> Self {
        let names = larums.iter().map(|larum| larum.name.clone());
        let columns = std::iter::once("beside it".to_owned()).chain(names).collect();
        Self { columns, lines: Vec::new(), stalls: Vec::new(), wrong: Vec::new() }
    }

    /// What one program does in one scenario.
    pub fn of(&mut self, scenario: Scenario, program: &Program) -> FiguresOf<'_> {
        let column = match program.kind {
            Kind::Larum => self.columns.iter().position(|name| *name == program.name).unwrap_or(1),
            _ => 0,
        };
        FiguresOf { figures: self, scenario, column, name: program.name.clone(), kind: program.kind }
    }
}

/// What one program does in one scenario.
pub struct FiguresOf<'f> {
    figures: &'f mut Figures,
    scenario: Scenario,
    column: usize,
    name: String,
    kind: Kind,
}

impl FiguresOf<'_> {
    /// Takes note of a figure, and shows it.
    pub fn note(&mut self, row: Row, figure: f64) {
        let over = if self.kind == Kind::Larum && row.is_over(figure) { "  over budget" } else { "" };
        show(&format!("  {:>12}  {}{over}", short(figure), row.what));
        let columns = self.figures.columns.len();
        let known =
            self.figures.lines.iter().position(|line| (line.scenario, line.row) == (self.scenario, row));
        let line = known.unwrap_or_else(|| {
            let line = Line { scenario: self.scenario, row, figures: vec![None; columns] };
            self.figures.lines.push(line);
            self.figures.lines.len() - 1
        });
        self.figures.lines[line].figures[self.column] = Some(figure);
    }

    /// Takes note of how long cheap questions took while there was work.
    pub fn answers(&mut self, row: Row, answers: Answers) {
        self.note(row, millis(answers.longest));
        let Answers { count, stalls, kept_waiting, .. } = answers;
        show(&format!(
            "  {count:>12}  answers, {} of them a stall; {} ms at most in which the probe had no processor are taken off",
            stalls.len(),
            short(millis(kept_waiting))
        ));
        for Stall { during, after, path, took } in stalls.iter().take(SHOWN) {
            let (took, after) = (short(millis(*took)), after.as_secs_f64());
            show(&format!("  {took:>12}  ms for {path} {after:.1} s after the beginning: {during}"));
        }
        let stalls = stalls.into_iter().map(|stall| (self.scenario, self.column, stall));
        self.figures.stalls.extend(stalls);
    }

    /// Says what is wrong if this does not hold. Only of Larum is it a failure: the others are measured as they are.
    pub fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.wrong(otherwise);
        }
    }

    /// Says what is wrong.
    pub fn wrong(&mut self, what: &str) {
        let larum = self.kind == Kind::Larum;
        show(&format!("  {:>12}  {what}", if larum { "WRONG" } else { "but" }));
        if larum {
            self.figures.wrong.push(format!("{}, {}: {what}", self.scenario.name(), self.name));
        }
    }
}

/// How many stalls are shown while it is measured; the file has all of them.
const SHOWN: usize = 5;

/// Tells a person how it goes.
pub fn show(line: &str) {
    // Whoever read may have gone; the table still counts.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A duration in milliseconds.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A figure with as many digits as anybody needs.
pub fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 || figure.fract() == 0.0 => format!("{figure:.0}"),
        size if size >= 1.0 => format!("{figure:.1}"),
        _ => format!("{figure:.3}"),
    }
}

/// The figure below which this part (0 to 1) of them lies, by nearest rank; 0 of none.
pub fn quantile(figures: &[Duration], part: f64) -> Duration {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable();
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_nearest_rank() {
        let figures: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        let part = |part| quantile(&figures, part).as_millis();
        assert_eq!((part(0.5), part(0.99), part(1.0), part(0.0)), (50, 99, 100, 1));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn a_figure_has_the_digits_that_matter() {
        let figures = [0.0, 0.2518, 3.25, 250.4, 1000.0].map(short);
        assert_eq!(figures, ["0", "0.252", "3.2", "250", "1000"]);
    }

    #[test]
    fn only_what_larum_does_wrong_is_wrong() {
        let program = |kind, name: &str| Program { kind, name: name.to_owned(), path: name.into() };
        let (larum, other) = (program(Kind::Larum, "Larum"), program(Kind::Alertmanager, "Alertmanager"));
        let mut figures = Figures::new(std::slice::from_ref(&larum));
        figures.of(Scenario::Ingest, &other).expect(false, "an alert was lost");
        assert!(figures.wrong.is_empty());
        figures.of(Scenario::Ingest, &larum).expect(false, "an alert was lost");
        assert_eq!(figures.wrong, ["ingest, Larum: an alert was lost"]);
    }
}
