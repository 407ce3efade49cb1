//! A tree as YAML again.

use super::{Key, Node, Value};

/// What stands for a secret.
pub(crate) const HIDDEN: &str = "<secret>";

/// Writes a tree as YAML, with `hide` asked of each scalar: what it says yes to stands there as `<secret>`.
pub(crate) fn write(node: &Node, hide: &dyn Fn(&Node) -> bool) -> String {
    let mut writer = Writer { out: String::new(), hide };
    writer.block(node, 0);
    writer.out
}

struct Writer<'a> {
    out: String,
    hide: &'a dyn Fn(&Node) -> bool,
}

impl Writer<'_> {
    /// The lines of a node, beginning with a new one.
    fn block(&mut self, node: &Node, indent: usize) {
        match &node.value {
            Value::Mapping(fields) => {
                for (key, node) in fields {
                    self.pad(indent);
                    self.field(key, node, indent);
                }
            }
            Value::Sequence(items) => {
                for node in items {
                    self.pad(indent);
                    self.item(node, indent);
                }
            }
            Value::Scalar { .. } => self.scalar(node),
        }
    }

    fn field(&mut self, key: &Key, node: &Node, indent: usize) {
        self.out.push_str(&text(&key.name, key.plain));
        self.out.push(':');
        self.after(node, indent + 2);
    }

    fn item(&mut self, node: &Node, indent: usize) {
        self.out.push('-');
        match &node.value {
            Value::Mapping(fields) if !fields.is_empty() => {
                for (index, (key, node)) in fields.iter().enumerate() {
                    match index {
                        0 => self.out.push(' '),
                        _ => self.pad(indent + 2),
                    }
                    self.field(key, node, indent + 2);
                }
            }
            _ => self.after(node, indent + 2),
        }
    }

    /// What stands behind a colon or a dash.
    fn after(&mut self, node: &Node, indent: usize) {
        match &node.value {
            Value::Mapping(fields) if fields.is_empty() => self.out.push_str(" {}\n"),
            Value::Sequence(items) if items.is_empty() => self.out.push_str(" []\n"),
            Value::Scalar { .. } => {
                self.out.push(' ');
                self.scalar(node);
            }
            _ => {
                self.out.push('\n');
                self.block(node, indent);
            }
        }
    }

    fn scalar(&mut self, node: &Node) {
        let Value::Scalar { text: given, plain } = &node.value else { return };
        let hidden = !node.is_null() && !given.is_empty() && (self.hide)(node);
        self.out.push_str(&if hidden { HIDDEN.to_owned() } else { text(given, *plain) });
        self.out.push('\n');
    }

    fn pad(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// Texts that mean something else on lines of their own than between brackets.
const SIGNS: [&str; 3] = ["?", "-", ":"];

/// A text without quotes, if it stood there so, or in quotes: `"yes"` is another thing than `yes`. Nothing at all is
/// written as what means nothing, which is how it is read again.
fn text(text: &str, plain: bool) -> String {
    if plain && text.is_empty() {
        return "~".to_owned();
    }
    if plain && !text.contains(char::is_control) && !SIGNS.contains(&text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() || "\u{feff}\u{2028}\u{2029}".contains(letter) => {
                quoted.push_str(&format!("\\U{:08x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
