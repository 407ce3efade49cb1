//! What a language adds to Go's own templates: its types, its functions, and how long a text may become.

use std::sync::Arc;

use gotmpl::Value;

/// How far the templates of a language may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest text that any function may give, in bytes.
    pub longest: usize,
    /// The most rounds that all `{{range}}` of one text may take together.
    pub rounds: u64,
    /// The most times that `{{template}}` may be carried out for one text.
    pub templates: u32,
}

/// The templates of one program, as it knows them: what its values are to Go, where crate gotmpl knows only lists and
/// maps. Times are known to all.
pub trait Language: Sync {
    /// How far its templates may go.
    fn limits(&self) -> Limits;

    /// Whether a template may call this function, which is none of Go's own.
    fn has_function(&self, name: &str) -> bool;

    /// What Go calls the type of a value, where it is none of Go's own.
    fn type_name(&self, value: &Value) -> Option<&'static str>;

    /// What Go writes of a value, where it is neither a number nor a text nor a plain list or map of them.
    fn show(&self, value: &Value) -> Option<String>;

    /// Whether a value is a pointer, which Go shows by a sign when it stands within others.
    fn is_pointer(&self, _value: &Value) -> bool {
        false
    }

    /// What stands behind a dot: a field, a key of a map, or what a method gives. Nothing if there is no such thing.
    fn member(&self, value: &Value, name: &str, args: &[Value]) -> Option<Result<Value, String>>;

    /// What is found in a map under a key that it does not have.
    fn absent(&self, _map: &Value, _key: &str) -> Value {
        Value::String("".into())
    }

    /// Whether a character stands for another one, and is to be kept as it is wherever texts are written.
    fn stands_for_another(&self, _character: char) -> bool {
        false
    }
}

/// The fields of a value by their names.
pub fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(Arc::new(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A language that adds nothing.
    pub(crate) struct Plain;

    impl Language for Plain {
        fn limits(&self) -> Limits {
            Limits { longest: 16 * 1024, rounds: 10, templates: 10 }
        }

        fn has_function(&self, _: &str) -> bool {
            false
        }

        fn type_name(&self, _: &Value) -> Option<&'static str> {
            None
        }

        fn show(&self, _: &Value) -> Option<String> {
            None
        }

        fn member(&self, value: &Value, name: &str, _: &[Value]) -> Option<Result<Value, String>> {
            value.field(name).cloned().map(Ok)
        }
    }
}
