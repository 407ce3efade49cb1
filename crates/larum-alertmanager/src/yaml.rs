//! YAML as a tree whose every part knows where it stands.
//!
//! A tree, and not serde's shapes, because a file is to be checked to its end: with the path of each field that is
//! wrong, and with scalars as they were written (`30` may be a text, `yes` a boolean).

mod typed;
mod write;

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span};

pub use typed::Typed;
pub(crate) use write::{HIDDEN, write};

/// The most nodes a file may have, once its aliases are replaced by what they stand for.
const MOST_NODES: usize = 1_000_000;
/// How deep a file may go.
const MOST_DEPTH: usize = 100;

/// Where something stands: line and column, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1; 0 if it concerns no line.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A part of a file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text, and whether it stood there without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Node>),
    /// In the order of the file; no key stands twice.
    Mapping(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub name: String,
    /// Whether it stood there without quotes.
    pub plain: bool,
    pub place: Place,
}

/// Why a text is no YAML, or not what is read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub place: Place,
    pub message: String,
}

impl Node {
    /// Whether nothing is said: `~`, `null`, or nothing at all.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}

/// Reads the first document of a text, as Alertmanager does; a text without any is null.
pub(crate) fn read(text: &str) -> Result<Node, YamlError> {
    let mut options = Options::default();
    options.emit_comments = false;
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { parser, anchors: HashMap::new(), nodes: 0 };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(..) => {}
            Event::StreamEnd | Event::DocumentEnd => {
                let value = Value::Scalar { text: String::new(), plain: true };
                return Ok(Node { place: place(&span), value });
            }
            event => return reader.node(event, &span, 0),
        }
    }
}

struct Reader<'input> {
    parser: Parser<'input, granit_parser::StrInput<'input>>,
    /// What aliases can stand for.
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'input> Reader<'input> {
    fn next(&mut self) -> Result<(Event<'input>, Span), YamlError> {
        let end = || YamlError { place: Place::default(), message: "the file ends too early".to_owned() };
        self.parser.next_event().ok_or_else(end)?.map_err(|error| broken(&error))
    }

    fn node(&mut self, event: Event<'input>, span: &Span, depth: usize) -> Result<Node, YamlError> {
        let place = place(span);
        if depth > MOST_DEPTH {
            return Err(YamlError { place, message: format!("goes deeper than {MOST_DEPTH} levels") });
        }
        self.count(1, place)?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                (Value::Scalar { text: text.into_owned(), plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.sequence(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(depth)?, anchor),
            Event::Alias(anchor) => {
                let unknown = || YamlError { place, message: "refers to what is not there yet".to_owned() };
                let node = self.anchors.get(&anchor).cloned().ok_or_else(unknown)?;
                self.count(size(&node), place)?;
                return Ok(node);
            }
            _ => return Err(YamlError { place, message: "here something else must stand".to_owned() }),
        };
        let node = Node { place, value };
        if anchor > 0 {
            // A copy costs as much as what an alias copies, so it counts as one.
            self.count(size(&node), place)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn count(&mut self, more: usize, place: Place) -> Result<(), YamlError> {
        self.nodes += more;
        if self.nodes <= MOST_NODES {
            return Ok(());
        }
        Err(YamlError { place, message: format!("has more than {MOST_NODES} parts") })
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, YamlError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Sequence(items)),
                (event, span) => items.push(self.node(event, &span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, YamlError> {
        let mut fields: Vec<(Key, Node)> = Vec::new();
        let mut lines = HashMap::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, &span, depth + 1)?;
            let place = key.place;
            let (event, span) = self.next()?;
            let node = self.node(event, &span, depth + 1)?;
            match key.value {
                Value::Scalar { text, plain: true } if text == "<<" => merged.push(node),
                Value::Scalar { text: name, plain } => {
                    if let Some(line) = lines.insert(name.clone(), place.line) {
                        let message = format!("{name:?} stands here twice, first in line {line}");
                        return Err(YamlError { place, message });
                    }
                    fields.push((Key { name, plain, place }, node));
                }
                _ => return Err(YamlError { place, message: "a key must be a text".to_owned() }),
            }
        }
        let mut known: HashSet<String> = lines.into_keys().collect();
        for node in merged {
            merge(&mut fields, &mut known, node)?;
        }
        Ok(Value::Mapping(fields))
    }
}

/// Adds the fields of a mapping, or of several, that are not there (YAML, "Merge key").
fn merge(fields: &mut Vec<(Key, Node)>, known: &mut HashSet<String>, node: Node) -> Result<(), YamlError> {
    match node.value {
        Value::Mapping(more) => {
            for (key, node) in more {
                if known.insert(key.name.clone()) {
                    fields.push((key, node));
                }
            }
            Ok(())
        }
        Value::Sequence(nodes) => nodes.into_iter().try_for_each(|node| merge(fields, known, node)),
        Value::Scalar { .. } => {
            let message = "<< needs a mapping, or a list of them".to_owned();
            Err(YamlError { place: node.place, message })
        }
    }
}

/// How many nodes a node is.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar { .. } => 0,
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(fields) => fields.iter().map(|(_, node)| 1 + size(node)).sum(),
    }
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

fn broken(error: &ScanError) -> YamlError {
    let mark = error.marker();
    let place = Place { line: mark.line(), column: mark.col() + 1 };
    YamlError { place, message: format!("this is no YAML: {}", error.info()) }
}
