//! `label_replace` and `label_join`: the values stay, the labels change.

use larum_core::label::{LabelSet, METRIC_NAME};

use super::{Evaluator, names};
use crate::error::EvalError;
use crate::expr::{Relabel, RelabelBy};
use crate::value::Element;

impl Evaluator<'_> {
    pub(super) fn relabel(&self, relabel: &Relabel, at: i64) -> Result<Vec<Element>, EvalError> {
        let mut elements = self.vector(&relabel.inner, at)?;
        let mut text = 0;
        for element in &mut elements {
            // One in another, these functions make text that grows with every level.
            let longest = relabel.how.longest(&element.labels);
            self.add_text(&mut text, element.labels.text_bytes().saturating_add(longest))?;
            if let Some(value) = relabel.how.value(&element.labels) {
                element.labels = element.labels.with(&relabel.target, &value);
                element.drop_name &= relabel.target != METRIC_NAME;
            }
        }
        names::check_unique(&elements)?;
        Ok(elements)
    }
}

impl RelabelBy {
    /// The new value of the label; none if it stays as it is.
    fn value(&self, labels: &LabelSet) -> Option<String> {
        match self {
            Self::Replace { source, regex, replacement, .. } => {
                let text = labels.value(source);
                let found = regex.captures(text)?;
                let mut value = String::new();
                let group = |name: &str| regex.group(&found, name).map(|at| &text[at]);
                replacement.write(&mut value, usize::MAX, group);
                Some(value)
            }
            Self::Join { sources, separator } => {
                let values: Vec<&str> = sources.iter().map(|source| labels.value(source)).collect();
                Some(values.join(separator))
            }
        }
    }

    /// As many bytes as the new value can have at most: each `$` of a template stands for no more than the source.
    fn longest(&self, labels: &LabelSet) -> usize {
        match self {
            Self::Replace { source, template, .. } => {
                let groups = template.matches('$').count();
                groups.saturating_mul(labels.value(source).len()).saturating_add(template.len())
            }
            Self::Join { sources, separator } => {
                sources.iter().map(|source| labels.value(source).len() + separator.len()).sum()
            }
        }
    }
}
