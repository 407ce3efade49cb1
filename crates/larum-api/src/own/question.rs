//! What several questions are made of.

use regex::{Regex, RegexBuilder};

use crate::problem::Problem;

/// Words separated by commas.
pub fn words(list: Option<&str>) -> Vec<String> {
    let words = list.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// What finds a text whatever its case; nothing if nothing is looked for.
///
/// # Errors
/// [`Problem`] at `q` if the text is too long.
pub fn search(text: Option<&str>) -> Result<Option<Regex>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let finder = text.map(|text| RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build());
    finder.transpose().map_err(|_| Problem::invalid("q", "This text is too long to search for."))
}
