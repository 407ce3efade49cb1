//! One line of series: what it is known by, and its points.

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_promql::STALE;

use super::quoted::unquote;

/// What stands at one step of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Point {
    /// `_`
    Nothing,
    /// A number, or `stale`.
    Float(f64),
    /// `{{…}}`, of which Larum knows only that it is one.
    Histogram,
}

/// A series as a line writes it.
#[derive(Debug, PartialEq)]
pub(crate) struct SeriesLine {
    pub labels: LabelSet,
    pub points: Vec<Point>,
}

/// Reads `name{label="value"} points`, with at most `most` points.
pub(crate) fn series(line: &str, most: usize) -> Result<SeriesLine, String> {
    let (labels, rest) = metric(line)?;
    Ok(SeriesLine { labels, points: points(rest, most)? })
}

/// Reads what a series is known by; answers what stands behind it.
pub(crate) fn metric(line: &str) -> Result<(LabelSet, &str), String> {
    let end = line.find(|c: char| c == '{' || c == '@' || c.is_whitespace()).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.contains(['"', '=', '}', ',', '(']) {
        return Err(format!("{name:?} is not the name of a metric"));
    }
    let mut pairs = Vec::new();
    if !name.is_empty() {
        pairs.push((METRIC_NAME.to_owned(), name.to_owned()));
    }
    // Behind white space, two braces begin a histogram.
    let behind = rest.trim_start();
    let rest = if behind.starts_with('{') && !behind.starts_with("{{") { behind } else { rest };
    let rest = match rest.strip_prefix('{') {
        Some(inner) => labels(inner, &mut pairs)?,
        None if name.is_empty() => return Err("a series begins with its name or with {".to_owned()),
        None => rest,
    };
    Ok((LabelSet::from_pairs(pairs), rest))
}

/// Reads labels up to the brace that ends them; a quoted text alone is the metric's name.
fn labels<'a>(mut rest: &'a str, pairs: &mut Vec<(String, String)>) -> Result<&'a str, String> {
    loop {
        rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix('}') {
            return Ok(rest);
        }
        let (name, behind) = if rest.starts_with(['"', '\'', '`']) {
            unquote(rest)?
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
            (name.to_owned(), behind)
        };
        if name.is_empty() {
            return Err(format!("a label was expected at {rest:?}"));
        }
        let behind = behind.trim_start();
        rest = match behind.strip_prefix('=') {
            Some(value) => {
                let (value, behind) = unquote(value.trim_start())?;
                pairs.push((name, value));
                behind
            }
            None if rest.starts_with(['"', '\'', '`']) => {
                pairs.push((METRIC_NAME.to_owned(), name));
                behind
            }
            None => return Err(format!("label {name} has no value")),
        };
        rest = rest.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(behind) => behind,
            None if rest.starts_with('}') => rest,
            None => return Err("labels do not end with }".to_owned()),
        };
    }
}

/// Reads the points of a series: `1`, `1+2x3`, `1-2x3`, `1x3`, `_`, `_x3`, `stale`, `{{…}}` (Prometheus,
/// "Unit testing for rules", `<series>`), with at most `most` points.
pub(super) fn points(text: &str, most: usize) -> Result<Vec<Point>, String> {
    let mut points = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = item_end(rest)?;
        let (item, behind) = rest.split_at(end);
        expand(item, &mut points, most)?;
        rest = behind.trim_start();
    }
    Ok(points)
}

/// Where the first item ends: at white space that does not stand in a histogram.
fn item_end(text: &str) -> Result<usize, String> {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        let histogram = rest.find("{{");
        let space = rest.find(char::is_whitespace);
        match (histogram, space) {
            (Some(histogram), space) if space.is_none_or(|space| histogram < space) => {
                let close = rest[histogram..].find("}}").ok_or("a histogram does not end with }}")?;
                end += histogram + close + 2;
            }
            (_, space) => return Ok(space.map_or(text.len(), |space| end + space)),
        }
    }
}

fn expand(item: &str, points: &mut Vec<Point>, most: usize) -> Result<(), String> {
    let wrong = || format!("{item:?} is not a value");
    let is_histogram = item.starts_with("{{");
    // What is written inside a histogram says nothing about how often it comes.
    let shown = if is_histogram { item.rsplit_once("}}").map_or("", |(_, behind)| behind) } else { item };
    let (base, times) = match shown.rsplit_once('x') {
        Some((base, times)) if is_histogram || !base.is_empty() => {
            (base, Some(times.parse::<usize>().map_err(|_| wrong())?))
        }
        _ => (shown, None),
    };
    let count = match (times, base) {
        (None, _) => 1,
        (Some(times), "_") => times,
        (Some(times), _) => times.saturating_add(1),
    };
    if count > most.saturating_sub(points.len()) {
        return Err(format!("more than {most} points"));
    }
    if is_histogram {
        points.extend(std::iter::repeat_n(Point::Histogram, count));
        return if base.is_empty() { Ok(()) } else { Err(wrong()) };
    }
    match base {
        "_" => points.extend(std::iter::repeat_n(Point::Nothing, count)),
        "stale" => points.extend(std::iter::repeat_n(Point::Float(STALE), count)),
        _ => {
            let (mut value, step) = value_and_step(base, times.is_some()).ok_or_else(wrong)?;
            for _ in 0..count {
                points.push(Point::Float(value));
                value += step;
            }
        }
    }
    Ok(())
}

/// `1+2` is 1 and 2; a sign behind `e` belongs to the exponent.
fn value_and_step(text: &str, repeated: bool) -> Option<(f64, f64)> {
    if let Some(value) = number(text) {
        return Some((value, 0.0));
    }
    let sign = |&(index, c): &(usize, char)| index > 0 && (c == '+' || c == '-');
    let split = |(index, _)| Some((number(&text[..index])?, number(&text[index..])?));
    text.char_indices().filter(sign).find_map(split).filter(|_| repeated)
}

/// A number as the language writes them: decimal, `NaN`, `Inf` in any case.
pub(super) fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with(['+', '-']) || unsigned.eq_ignore_ascii_case("infinity") {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |point: &Point| match point {
            Point::Nothing => "_".to_owned(),
            Point::Float(value) if larum_promql::is_stale(*value) => "stale".to_owned(),
            Point::Float(value) => value.to_string(),
            Point::Histogram => "H".to_owned(),
        };
        let points = series(&format!("m {text}"), 100).unwrap().points;
        points.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn points_expand() {
        assert_eq!(shown("1+2x3 0 -2+4x1 5x2 _x2 7"), "1 3 5 7 0 -2 2 5 5 5 _ _ 7");
        assert_eq!(
            shown("0x3 1-1x2 1e1+1e-1x1 stale _ NaN -Inf inf"),
            "0 0 0 0 1 0 -1 10 10.1 stale _ NaN -inf inf"
        );
        assert_eq!(shown("-1-1x1 Infx1 NaNx1"), "-1 -2 inf inf NaN NaN");
        assert_eq!(shown("{{schema:0 sum:1}}x1 2 {{}}+{{count:1}}x2 {{ buckets:[1 2] }}"), "H H 2 H H H H");
    }

    #[test]
    fn wrong_points_are_told() {
        for text in [
            "1+2", "x3", "1x", "1xa", "1+x2", "1++2x3", "{{", "{{}}5", "1x100", "_x101", "infinity", "a",
            "1x-1",
        ] {
            assert!(series(&format!("m {text}"), 100).is_err(), "{text}");
        }
    }

    #[test]
    fn labels_are_read() {
        let labels = |text: &str| series(text, 100).unwrap().labels.to_string();
        assert_eq!(labels("m 1"), r#"{__name__="m"}"#);
        assert_eq!(labels(r#"m { a = "x y}" , b='c',} 1"#), r#"{__name__="m", a="x y}", b="c"}"#);
        assert_eq!(
            labels(r#"{"metric.name", "label name"="ä"} 1"#),
            r#"{__name__="metric.name", label name="ä"}"#
        );
        assert_eq!(labels("{} 1"), "{}");
        for text in ["1 1", "{a} 1", "{a=b} 1", r#"{a="b" c="d"} 1"#, r#"m{a="b" 1"#, "", r#""m" 1"#] {
            assert!(series(text, 100).is_err(), "{text}");
        }
    }
}
