//! Filling templates in, within bounds.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use gotmpl::{Template, TemplateError, Value};

use crate::function::Functions;
use crate::parse::Tree;

/// How often templates within templates were carried out for one text.
#[derive(Debug, Default)]
pub struct Budget(AtomicU32);

impl Budget {
    /// Begins to fill in one text.
    pub fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn step(&self, most: u32) -> Result<(), String> {
        let many = self.0.fetch_add(1, Ordering::Relaxed) >= most;
        if many { Err(format!("more than {most} templates within templates")) } else { Ok(()) }
    }
}

/// Why a text was not filled in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unfilled {
    /// It would become too long.
    #[error("more than {} bytes", .0.len())]
    TooLong(String),
    /// It failed.
    #[error("{0}")]
    Failed(String),
}

/// Templates that know each other, ready to be filled in.
pub struct Ready(Template);

impl Ready {
    /// No templates yet, and the functions that they can call.
    pub fn new(functions: Functions) -> Self {
        let rounds = functions.limits().rounds;
        Self(Template::new("").max_range_iters(rounds).funcs(functions.into_map()))
    }

    /// One more template, in the place of any that had its name.
    pub fn add(&mut self, name: &str, tree: &Tree) {
        let all = std::mem::replace(&mut self.0, Template::new(""));
        self.0 = all.add_parse_tree(name, tree.0.clone());
    }

    /// Fills the template of this name in, to at most `longest` bytes.
    ///
    /// # Errors
    /// [`Unfilled::TooLong`] with what there is room for, or [`Unfilled::Failed`] with what went wrong.
    pub fn fill(&self, name: &str, data: &Value, longest: usize) -> Result<String, Unfilled> {
        let mut page = Page { text: String::new(), longest, full: false };
        match self.0.execute_template_fmt(&mut page, name, data) {
            Ok(()) => Ok(page.text),
            Err(_) if page.full => Err(Unfilled::TooLong(page.text)),
            Err(TemplateError::Exec(words)) => Err(Unfilled::Failed(words)),
            Err(error) => Err(Unfilled::Failed(error.to_string())),
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ready").field(&self.0.templates()).finish()
    }
}

/// A piece of paper of bounded length.
struct Page {
    text: String,
    longest: usize,
    full: bool,
}

impl fmt::Write for Page {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let room = self.longest - self.text.len();
        let fits = more.floor_char_boundary(room);
        self.text.push_str(&more[..fits]);
        self.full = fits < more.len();
        if self.full { Err(fmt::Error) } else { Ok(()) }
    }
}
