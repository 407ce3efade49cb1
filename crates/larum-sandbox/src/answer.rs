//! What a method answers, before it becomes HTTP.

use serde_json::{Map, Value, json};

/// A call that went well: the fields beside `ok`, and the warnings.
pub(crate) struct Answer {
    pub(crate) fields: Map<String, Value>,
    pub(crate) warnings: Vec<&'static str>,
}

impl Answer {
    /// Takes the fields of `body`, which must be an object.
    pub(crate) fn of(body: Value) -> Self {
        match body {
            Value::Object(fields) => Self { fields, warnings: Vec::new() },
            _ => Self { fields: Map::new(), warnings: Vec::new() },
        }
    }

    pub(crate) fn warning(mut self, warning: &'static str) -> Self {
        self.warnings.push(warning);
        self
    }
}

/// A call that was refused with an error code.
#[derive(Debug, Default, Clone)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    /// For `missing_scope`: the scopes any of which would do, and those the token has.
    pub(crate) scopes: Option<(String, String)>,
    /// Lines with a JSON pointer, for `invalid_arguments` and `invalid_blocks`.
    pub(crate) messages: Vec<String>,
    /// Further fields of the body; only `api.test` has them.
    pub(crate) fields: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn of(error: impl Into<String>) -> Self {
        Self { error: error.into(), ..Self::default() }
    }

    pub(crate) fn missing_scope(needed: &str, provided: &[String]) -> Self {
        Self { scopes: Some((needed.into(), provided.join(","))), ..Self::of("missing_scope") }
    }

    pub(crate) fn with_messages(error: &str, messages: Vec<String>) -> Self {
        Self { messages, ..Self::of(error) }
    }

    /// `invalid_arguments` with one line of words about the argument at `pointer`.
    pub(crate) fn argument(words: &str, pointer: &str) -> Self {
        Self::with_messages("invalid_arguments", vec![complaint(words, pointer)])
    }
}

/// One line of `response_metadata.messages`.
pub(crate) fn complaint(words: &str, pointer: &str) -> String {
    format!("[ERROR] {words} [json-pointer:{pointer}]")
}

/// The response body of a call, with the warnings of its transport in front of its own.
pub(crate) fn body(outcome: Result<Answer, Refusal>, transport: Option<&'static str>) -> Value {
    let (mut fields, mut warnings, messages) = match outcome {
        Ok(answer) => {
            let mut fields = answer.fields;
            fields.insert("ok".into(), json!(true));
            (fields, answer.warnings, Vec::new())
        }
        Err(refusal) => {
            let mut fields = refusal.fields;
            fields.insert("ok".into(), json!(false));
            fields.insert("error".into(), json!(refusal.error));
            if let Some((needed, provided)) = refusal.scopes {
                fields.insert("needed".into(), json!(needed));
                fields.insert("provided".into(), json!(provided));
            }
            (fields, Vec::new(), refusal.messages)
        }
    };
    warnings.extend(transport);
    if !warnings.is_empty() {
        fields.insert("warning".into(), json!(warnings.join(",")));
        metadata(&mut fields).insert("warnings".into(), json!(warnings));
    }
    if !messages.is_empty() {
        metadata(&mut fields).insert("messages".into(), json!(messages));
    }
    Value::Object(fields)
}

/// The `response_metadata` object of a body, made when it is missing.
fn metadata(fields: &mut Map<String, Value>) -> &mut Map<String, Value> {
    let slot = fields.entry("response_metadata").or_insert_with(|| json!({}));
    if !slot.is_object() {
        *slot = json!({});
    }
    slot.as_object_mut().expect("it was made an object above")
}
