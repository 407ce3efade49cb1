//! What is not to be shown.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::field::Section;

/// A text that shows itself as `<secret>`.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub(super) fn new(text: String) -> Self {
        Self(text.into())
    }

    /// What it is.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// The configuration has it.
    Given(Secret),
    /// A file has it, which may change; white space around it does not count.
    File(PathBuf),
}

/// Which kind of text a secret is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Url,
    UrlTemplate,
}

/// The secret in `name` or in the file that `file` names; only one of them can be there. An empty text is none.
pub(super) fn source(
    section: &Section<'_>,
    kind: Kind,
    [name, file]: [&str; 2],
    folder: &Path,
) -> Option<SecretSource> {
    section.exclusive(&[name, file]);
    let given = section.take(name).and_then(|at| match kind {
        Kind::Text => at.secret(),
        Kind::Url => at.secret_url(),
        Kind::UrlTemplate => at.secret_url_template(),
    });
    let file = section.text(file).filter(|path| !path.is_empty());
    file.map(|path| SecretSource::File(folder.join(path))).or(given.map(SecretSource::Given))
}
