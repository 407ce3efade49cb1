//! The figures as a table for people and as JSON for programs.

use std::fmt;

use serde_json::{Value, json};

use crate::figures::{Figures, Line, millis, short};

/// How wide what was measured is shown, and each figure.
const WIDTHS: (usize, usize) = (78, 12);

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wide, narrow) = WIDTHS;
        write!(f, "{:wide$}", "")?;
        for column in &self.columns {
            write!(f, " {column:>narrow$}")?;
        }
        writeln!(f, " {:>8} {:>8}", "budget", "ratio")?;
        let mut scenario = None;
        for line in &self.lines {
            if scenario != Some(line.scenario) {
                scenario = Some(line.scenario);
                writeln!(f, "{}, beside {}", line.scenario.name(), line.scenario.beside().name())?;
            }
            write!(f, "  {:<1$}", line.row.what, wide - 2)?;
            for figure in &line.figures {
                write!(f, " {:>narrow$}", figure.map_or_else(String::new, short))?;
            }
            let budget = line.row.budget.map_or_else(String::new, short);
            writeln!(f, " {budget:>8} {:>8} {}", line.ratio(), line.verdict())?;
        }
        for wrong in &self.wrong {
            writeln!(f, "WRONG: {wrong}")?;
        }
        Ok(())
    }
}

impl Line {
    /// How many times as much the other needs as the last Larum.
    fn ratio(&self) -> String {
        match (self.figures.first(), self.larums().last()) {
            (Some(Some(other)), Some(larum)) if larum > 0.0 && *other > 0.0 => {
                format!("{}×", short(other / larum))
            }
            _ => String::new(),
        }
    }

    /// Whether every Larum kept the budget.
    fn verdict(&self) -> &'static str {
        let over = self.larums().any(|figure| self.row.is_over(figure));
        match self.row.budget {
            Some(_) if over => "OVER",
            Some(_) if self.larums().next().is_some() => "kept",
            _ => "",
        }
    }

    fn larums(&self) -> impl DoubleEndedIterator<Item = f64> {
        self.figures.iter().skip(1).flatten().copied()
    }
}

impl Figures {
    /// All of it, every stall included.
    pub fn json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            let figures = self.columns.iter().zip(&line.figures);
            let figures = figures.map(|(column, figure)| (column.clone(), json!(figure))).collect();
            json!({
                "scenario": line.scenario.name(), "beside": line.scenario.beside().name(), "what": line.row.what,
                "budget": line.row.budget, "figures": Value::Object(figures),
            })
        });
        let stalls = self.stalls.iter().map(|(scenario, column, stall)| {
            json!({
                "scenario": scenario.name(), "column": self.columns[*column], "during": stall.during,
                "after_ms": millis(stall.after), "path": stall.path, "took_ms": millis(stall.took),
            })
        });
        let (lines, stalls): (Vec<Value>, Vec<Value>) = (lines.collect(), stalls.collect());
        json!({ "lines": lines, "stalls": stalls, "wrong": self.wrong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Row;
    use crate::scenarios::Scenario;
    use crate::target::{Kind, Program};

    const SECONDS: Row = Row::budget("CPU s, 100k new alerts", 0.9);

    fn program(kind: Kind, name: &str) -> Program {
        Program { kind, name: name.to_owned(), path: name.into() }
    }

    fn figures() -> Figures {
        let larums = ["before", "after"].map(|name| program(Kind::Larum, name));
        let mut figures = Figures::new(&larums);
        figures.of(Scenario::Ingest, &program(Kind::Alertmanager, "Alertmanager")).note(SECONDS, 3.6);
        figures.of(Scenario::Ingest, &larums[0]).note(SECONDS, 1.2);
        figures.of(Scenario::Ingest, &larums[1]).note(SECONDS, 0.6);
        figures
    }

    #[test]
    fn a_row_stands_beside_its_budget() {
        let table = figures().to_string();
        let words: Vec<&str> = table.lines().next_back().expect("a row").split_whitespace().collect();
        assert_eq!(words[5..], ["3.6", "1.2", "0.600", "0.900", "6×", "OVER"]);
    }

    #[test]
    fn a_program_reads_the_same() {
        let json = figures().json();
        let line = &json["lines"][0];
        assert_eq!(line["figures"], json!({"beside it": 3.6, "before": 1.2, "after": 0.6}));
        assert_eq!((&line["scenario"], &line["budget"]), (&json!("ingest"), &json!(0.9)));
    }
}
