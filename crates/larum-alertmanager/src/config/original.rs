//! The file as it may be shown.

use std::collections::HashSet;

use super::field::At;
use crate::yaml::{Node, Place, write};

/// Words in the name of a field that make it look secret, of an integration that Larum does not know.
const SECRET: [&str; 9] =
    ["secret", "token", "password", "key", "credential", "webhook_url", "user_id", "auth_username", "header"];

/// The tree as YAML, with the scalars at these places hidden.
pub(super) fn without_secrets(tree: &Node, secrets: &HashSet<Place>) -> String {
    write(tree, &|node| secrets.contains(&node.place))
}

/// Hides what looks secret below a field of this name. What Larum has no shape for is rather hidden than shown.
pub(super) fn hide_what_looks_secret(name: &str, at: &At<'_>) {
    let is_secret = |name: &str| SECRET.iter().any(|word| name.contains(word)) && !name.ends_with("_file");
    at.hide_below(is_secret(name), &is_secret);
}
