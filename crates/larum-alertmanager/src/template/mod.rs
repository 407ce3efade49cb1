//! Alertmanager's notification templates: Go's text templates with its functions and its data (Alertmanager,
//! "Notification template reference").
//!
//! Texts are read once ([`Templates::texts`]) and filled in for a [`Scene`], field by field; no field becomes longer than
//! [`MAX_TEXT`]. What comes from an alert is escaped for Slack where a field is a text for people ([`Escape`]).

mod mark;
mod shape;
mod language;
mod to_json;
mod compare;
mod function;
mod defaults;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use larum_core::time::Timestamp;
use larum_template::{Parsed, Ready, TextError, Tree, Unfilled, Value};

pub use self::mark::Escape;

use self::function::{Moment, functions};
use self::language::Alertmanager;
use self::mark::finished;
use crate::data::Data;

/// The longest text that may come of a field, or of any function in it, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// Why a template file is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct TemplateFileError {
    /// The name of the file.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Why a field could not be filled in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{field} cannot be filled in: {reason}")]
pub struct FieldError {
    /// Which field: `title`, `fields[0].value`.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

/// All templates that texts can call: those that are always there, and those of files.
#[derive(Clone, Debug)]
pub struct Templates(BTreeMap<String, Tree>);

impl Templates {
    /// The templates that are always there, under Alertmanager's names.
    pub fn standard() -> Self {
        let mut all = Self(BTreeMap::new());
        let read = all.add("", &defaults::standard());
        debug_assert_eq!(read, Ok(()), "what is always there is sound");
        all
    }

    /// These, and those of files given with their names, in order: a later template takes the place of an earlier one.
    /// What stands outside of definitions is a template under the name of its file.
    ///
    /// # Errors
    /// A [`TemplateFileError`] for each file that is not sound.
    pub fn with_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<TemplateFileError>> {
        let (mut all, mut errors) = (Self::standard(), Vec::new());
        for (file, text) in files {
            if let Err(TextError(reason)) = all.add(file, text) {
                errors.push(TemplateFileError { file: file.to_owned(), reason });
            }
        }
        if errors.is_empty() { Ok(all) } else { Err(errors) }
    }

    /// An empty template takes nobody's place (Go, package `text/template`, `associate`).
    fn add(&mut self, name: &str, text: &str) -> Result<(), TextError> {
        let Parsed { tree, defines } = Parsed::read(&Alertmanager, "", text)?;
        for (name, tree) in defines.into_iter().chain([(name.to_owned(), tree.within_others())]) {
            if !tree.is_empty() || !self.0.contains_key(&name) {
                self.0.insert(name, tree);
            }
        }
        Ok(())
    }

    /// Reads texts, each with the name of its field. One that is no template is an error when it is filled in, as it is
    /// in Alertmanager.
    pub fn texts<'a>(&self, fields: impl IntoIterator<Item = (String, &'a str)>) -> Texts {
        let moment = Arc::new(Moment::default());
        let mut shared = self.ready(&moment);
        let mut all = BTreeMap::new();
        for (name, source) in fields {
            let text = self.text(&name, source, &moment, &mut shared);
            all.insert(name, text);
        }
        Texts { fields: all, shared, moment, turn: Mutex::default() }
    }

    fn text(&self, name: &str, source: &str, moment: &Arc<Moment>, shared: &mut Ready) -> Text {
        if !source.contains("{{") {
            return Text::Plain(source.to_owned());
        }
        match Parsed::read(&Alertmanager, "", source) {
            Err(TextError(reason)) => Text::Wrong(reason),
            Ok(parsed) if parsed.defines.is_empty() => {
                shared.add(&inner_name(name), &parsed.tree);
                Text::Shared
            }
            // What a text defines is known to itself alone.
            Ok(parsed) => {
                let mut own = self.clone();
                // It was read before, so it can be read.
                let _ = own.add("", source);
                let mut ready = own.ready(moment);
                ready.add(&inner_name(name), &parsed.tree);
                Text::Own(Box::new(ready))
            }
        }
    }

    fn ready(&self, moment: &Arc<Moment>) -> Ready {
        let mut ready = Ready::new(functions(moment));
        for (name, tree) in &self.0 {
            ready.add(name, tree);
        }
        ready
    }
}

/// Under which a field's text stands among templates: no name that a person could type.
fn inner_name(field: &str) -> String {
    format!("\u{1}{field}")
}

/// What templates see of a notification, and when.
#[derive(Clone, Debug)]
pub struct Scene {
    data: Value,
    now: Timestamp,
}

impl Scene {
    /// A notification as it is seen at a time.
    pub fn new(data: &Data, now: Timestamp) -> Self {
        Self { data: shape::data(data), now }
    }
}

/// The texts of one configuration, ready to be filled in.
pub struct Texts {
    fields: BTreeMap<String, Text>,
    /// All texts that define nothing themselves, with all templates.
    shared: Ready,
    moment: Arc<Moment>,
    /// One text is filled in at a time, for its functions share the moment.
    turn: Mutex<()>,
}

enum Text {
    Plain(String),
    Shared,
    Own(Box<Ready>),
    Wrong(String),
}

impl Texts {
    /// Fills the text of a field in. A field without a text is empty.
    ///
    /// # Errors
    /// [`FieldError`] when it is no template, fails, or becomes longer than [`MAX_TEXT`].
    pub fn fill(&self, field: &str, scene: &Scene, escape: Escape) -> Result<String, FieldError> {
        self.fill_cut(field, scene, escape, usize::MAX)
    }

    /// The same, cut to so many characters, of which the last is a `…` if any are left out (Alertmanager,
    /// `notify/util.go`, `TruncateInRunes`). What is escaped counts as what it stands for.
    ///
    /// # Errors
    /// As for [`Texts::fill`].
    pub fn fill_cut(
        &self,
        field: &str,
        scene: &Scene,
        escape: Escape,
        most: usize,
    ) -> Result<String, FieldError> {
        let wrong = |reason: String| FieldError { field: field.to_owned(), reason };
        let ready = match self.fields.get(field) {
            None => return Ok(String::new()),
            Some(Text::Plain(text)) => return Ok(cut(text.clone(), most)),
            Some(Text::Wrong(reason)) => return Err(wrong(reason.clone())),
            Some(Text::Shared) => &self.shared,
            Some(Text::Own(ready)) => ready,
        };
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.moment.begin(scene.now);
        match ready.fill(&inner_name(field), &scene.data, MAX_TEXT) {
            Ok(text) => Ok(finished(&cut(text, most), escape)),
            Err(Unfilled::TooLong(_)) => Err(wrong(format!("more than {MAX_TEXT} bytes"))),
            Err(Unfilled::Failed(reason)) => Err(wrong(finished(&reason, Escape::Nothing))),
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.fields.keys()).finish()
    }
}

fn cut(text: String, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
