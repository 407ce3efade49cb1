//! `$1` and `${name}` in a text (Go, package `regexp`, `Expand`).

/// A text with places for what an expression finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replacement(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Group(String),
}

impl Replacement {
    /// Reads a text. A `$` that begins no name stands for itself, and so does `$$` for one.
    pub fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            plain.push_str(before);
            rest = if let Some(behind) = behind.strip_prefix('$') {
                plain.push('$');
                behind
            } else if let Some((name, behind)) = name(behind) {
                parts.extend((!plain.is_empty()).then(|| Part::Text(std::mem::take(&mut plain))));
                parts.push(Part::Group(name.to_owned()));
                behind
            } else {
                plain.push('$');
                behind
            };
        }
        plain.push_str(rest);
        parts.extend((!plain.is_empty()).then_some(Part::Text(plain)));
        Self(parts)
    }

    /// Writes the text with what each group is, until there is more than `longest` bytes. What a group is that there is
    /// not, or that found nothing, is nothing.
    pub fn write<'t>(&self, out: &mut String, longest: usize, group: impl Fn(&str) -> Option<&'t str>) {
        for part in &self.0 {
            if out.len() > longest {
                return;
            }
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Group(name) => out.push_str(group(name).unwrap_or_default()),
            }
        }
    }
}

/// The name that stands behind a `$`, and what follows it: letters, digits and underscores, as many as there are, or any
/// in braces.
fn name(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{');
    let begin = inner.unwrap_or(text);
    let length = begin.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(begin.len());
    let (name, behind) = begin.split_at(length);
    let behind = if inner.is_some() { behind.strip_prefix('}')? } else { behind };
    (!name.is_empty()).then_some((name, behind))
}
