//! One text of a rule: parsed once, filled in for every series.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use gotmpl::parse::{ListNode, Node, Parser};
use gotmpl::{Template, Value};
use larum_core::label::LabelSet;

use super::MAX_TEXT;
use super::function::ours;
use super::syntax::{NO_TEMPLATES, prepare};

/// The most rounds that all `{{range}}` of one text may take together.
pub const MAX_ROUNDS: u64 = 256;

/// What Prometheus puts before every text of an alerting rule (Prometheus, `rules/alerting.go`, `Eval`).
const VARIABLES: &str = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}\
                         {{$externalURL := .ExternalURL}}{{$value := .Value}}";

/// Stands after every text, and is found at the end of the tree unless a block is never closed or a stray `{{end}}`
/// or `{{else}}` ends the text early: the parser of gotmpl 0.6.1 takes both without a word.
const END: &str = "{{1}}";

/// Under which the tree is kept in the template.
const BODY: &str = "text";

/// Why a text cannot be filled in at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct TextError(String);

/// A text with `{{ … }}` in it, ready to be filled in.
pub struct Text {
    source: String,
    /// None if there is nothing to fill in.
    template: Option<Template>,
}

/// What a text can speak of.
pub struct Scene(Value);

impl Scene {
    /// An alert: the labels of its series, its value, and what is said of the whole installation. Missing labels
    /// are empty.
    pub fn new(labels: &LabelSet, value: f64, external_labels: &LabelSet, external_url: &str) -> Self {
        let entries = [
            ("Labels", map(labels)),
            ("ExternalLabels", map(external_labels)),
            ("ExternalURL", Value::String(external_url.into())),
            ("Value", Value::Float(value)),
        ];
        Self(Value::Map(Arc::new(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())))
    }
}

fn map(labels: &LabelSet) -> Value {
    let entries: BTreeMap<Arc<str>, Value> =
        labels.iter().map(|(name, value)| (name.into(), Value::String(value.into()))).collect();
    Value::Map(Arc::new(entries))
}

impl Text {
    /// Parses a text.
    ///
    /// # Errors
    /// [`TextError`] when it is no template, or asks for what Larum does not know.
    pub fn parse(source: &str) -> Result<Self, TextError> {
        let template = if source.contains("{{") { Some(compile(source)?) } else { None };
        Ok(Self { source: source.to_owned(), template })
    }

    /// Fills the text in. What is longer than [`MAX_TEXT`] ends with `…` there.
    ///
    /// # Errors
    /// [`TextError`] when it cannot be filled in for this scene.
    pub fn fill(&self, scene: &Scene) -> Result<String, TextError> {
        let Some(template) = &self.template else { return Ok(self.source.clone()) };
        let mut page = Page::default();
        match template.execute_template_fmt(&mut page, BODY, &scene.0) {
            Ok(()) => Ok(page.text),
            Err(_) if page.full => Ok(page.text + "…"),
            Err(error) => Err(TextError(error.to_string())),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.source).finish()
    }
}

fn compile(source: &str) -> Result<Template, TextError> {
    let text = format!("{VARIABLES}{source}");
    parse(&text)?;
    let mut tree = parse(&format!("{text}{END}"))?;
    let last = tree.nodes.pop();
    if !last.is_some_and(|node| is_behind(&node, text.len())) {
        return Err(TextError(
            "an {{end}} is missing, or there is an {{end}} or {{else}} too many".to_owned(),
        ));
    }
    prepare(&mut tree).map_err(TextError)?;
    Ok(Template::new(BODY).max_range_iters(MAX_ROUNDS).funcs(ours()).add_parse_tree(BODY, tree))
}

fn parse(text: &str) -> Result<ListNode, TextError> {
    let parsed = Parser::new(text, "{{", "}}").and_then(Parser::parse);
    let (tree, defines) = parsed.map_err(|error| TextError(words(&error.to_string())))?;
    if defines.is_empty() { Ok(tree) } else { Err(TextError(NO_TEMPLATES.to_owned())) }
}

/// Whether a node is an action that begins at `place` or after it.
fn is_behind(node: &Node, place: usize) -> bool {
    matches!(node, Node::Action(action) if action.pos.offset >= place)
}

/// A parser's error without its place, which is that in the text with [`VARIABLES`] before it.
fn words(error: &str) -> String {
    let place = |c: char| c.is_ascii_digit() || c == ':' || c == ' ';
    error.trim_start_matches("template:").trim_start_matches(place).to_owned()
}

/// A piece of paper of bounded length.
#[derive(Default)]
struct Page {
    text: String,
    full: bool,
}

impl fmt::Write for Page {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let room = MAX_TEXT - self.text.len();
        let fits = more.floor_char_boundary(room);
        self.text.push_str(&more[..fits]);
        self.full = fits < more.len();
        if self.full { Err(fmt::Error) } else { Ok(()) }
    }
}
