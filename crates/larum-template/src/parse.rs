//! A text, read and checked once.

use std::collections::BTreeMap;
use std::fmt;

use gotmpl::parse::{DefineNode, ListNode, Node, Parser};

use crate::comment::without_greedy_comments;
use crate::language::Language;
use crate::syntax::{count, prepare};

/// Stands after every text, and is found at the end of the tree unless a block is never closed or a stray `{{end}}`
/// or `{{else}}` ends the text early: the parser of gotmpl 0.6.1 takes both without a word.
const END: &str = "\n{{1}}";

/// Why a text is no template, or cannot be filled in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct TextError(pub String);

/// One template, ready to be filled in.
#[derive(Clone)]
pub struct Tree(pub(crate) ListNode);

impl Tree {
    /// Whether nothing but white space would come of it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty_tree()
    }

    /// The same for other templates to call, which counts against their budget. What is empty costs nothing.
    #[must_use]
    pub fn within_others(mut self) -> Self {
        if !self.is_empty() {
            count(&mut self.0);
        }
        self
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tree")
    }
}

/// What stands in one text: the text itself, and the templates that it defines.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The text without its definitions.
    pub tree: Tree,
    /// What it defines, by name.
    pub defines: BTreeMap<String, Tree>,
}

impl Parsed {
    /// Reads a text as if `before` stood before it, in the first line.
    ///
    /// # Errors
    /// [`TextError`] when it is no template, or asks for what the language does not have.
    pub fn read(language: &dyn Language, before: &str, source: &str) -> Result<Self, TextError> {
        let text = format!("{before}{}", without_greedy_comments(source));
        let (mut tree, defines) = parse(&text, before)?;
        let (mut with_end, _) = parse(&format!("{text}{END}"), before)?;
        if !with_end.nodes.pop().is_some_and(|node| is_behind(&node, text.len())) {
            return Err(TextError(
                "an {{end}} is missing, or there is an {{end}} or {{else}} too many".to_owned(),
            ));
        }
        prepare(language, &mut tree).map_err(TextError)?;
        let mut bodies: BTreeMap<String, ListNode> = BTreeMap::new();
        for DefineNode { name, body, .. } in defines {
            // An empty template gives way to another of its name (Go, package `parse`, `Tree.add`).
            match bodies.get(name.as_str()) {
                Some(known) if !known.is_empty_tree() && !body.is_empty_tree() => {
                    return Err(TextError(format!("multiple definition of template {name:?}")));
                }
                Some(known) if !known.is_empty_tree() => {}
                _ => drop(bodies.insert(name.to_string(), body)),
            }
        }
        let mut ready = BTreeMap::new();
        for (name, mut body) in bodies {
            prepare(language, &mut body).map_err(TextError)?;
            ready.insert(name, Tree(body).within_others());
        }
        Ok(Self { tree: Tree(tree), defines: ready })
    }
}

fn parse(text: &str, before: &str) -> Result<(ListNode, Vec<DefineNode>), TextError> {
    let parsed = Parser::new(text, "{{", "}}").and_then(Parser::parse);
    parsed.map_err(|error| {
        let said = error.to_string();
        TextError(if before.is_empty() { said } else { without_place(&said) })
    })
}

/// Whether a node is an action that begins at `place` or after it.
fn is_behind(node: &Node, place: usize) -> bool {
    matches!(node, Node::Action(action) if action.pos.offset >= place)
}

/// A parser's error without its place, which is that in a text that nobody wrote.
fn without_place(error: &str) -> String {
    let place = |c: char| c.is_ascii_digit() || c == ':' || c == ' ';
    error.trim_start_matches("template:").trim_start_matches(place).to_owned()
}
