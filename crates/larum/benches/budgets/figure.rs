//! What came out, beside what was to come out.

use std::fmt;

use crate::target::Kind;

/// One thing that is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    /// What a person reads.
    pub what: &'static str,
    /// The most that Larum may need.
    pub budget: &'static str,
}

/// All that was measured.
#[derive(Default)]
pub struct Figures(Vec<(Measure, Kind, f64)>);

/// Those of one target.
pub struct FiguresOf<'f>(&'f mut Figures, Kind);

impl Figures {
    /// Those of one target.
    pub fn of(&mut self, kind: Kind) -> FiguresOf<'_> {
        FiguresOf(self, kind)
    }

    fn figure(&self, measure: Measure, kind: Kind) -> Option<f64> {
        self.0.iter().find(|(m, k, _)| (*m, *k) == (measure, kind)).map(|(_, _, figure)| *figure)
    }
}

impl FiguresOf<'_> {
    /// Takes note of a figure.
    pub fn note(&mut self, what: &'static str, budget: &'static str, figure: f64) {
        eprintln!("  {what}: {}", short(figure));
        self.0.0.push((Measure { what, budget }, self.1, figure));
    }
}

fn short(figure: f64) -> String {
    match figure.abs() {
        100.0.. => format!("{figure:.0}"),
        1.0.. => format!("{figure:.1}"),
        _ => format!("{figure:.3}"),
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut measures: Vec<Measure> = Vec::new();
        for (measure, _, _) in &self.0 {
            if !measures.contains(measure) {
                measures.push(*measure);
            }
        }
        writeln!(f, "\n{:<58} {:>9} {:>9} {:>13} {:>7}", "", "Larum", "budget", "beside it", "ratio")?;
        for measure in measures {
            let larum = self.figure(measure, Kind::Larum);
            let other =
                [Kind::Alertmanager, Kind::Prometheus].iter().find_map(|kind| self.figure(measure, *kind));
            let text = |figure: Option<f64>| figure.map_or_else(String::new, short);
            let ratio =
                other.zip(larum).map_or_else(String::new, |(other, larum)| format!("{:.1}×", other / larum));
            let Measure { what, budget } = measure;
            writeln!(f, "{what:<58} {:>9} {budget:>9} {:>13} {ratio:>7}", text(larum), text(other))?;
        }
        Ok(())
    }
}
