//! Alerts as they are posted, borrowing their text from the body.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// The most labels, and the most annotations, that one alert may have.
pub const MAX_PAIRS: usize = 256;
/// The most text that the labels and annotations of one alert may have, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// The longest value of a label, in bytes. What is said at length belongs into an annotation.
pub const MAX_VALUE_BYTES: usize = 4096;
/// The longest name of a label or an annotation, in bytes.
pub const MAX_NAME_BYTES: usize = 1024;

/// One alert of the array that Prometheus posts (Alertmanager, `api/v2/openapi.yaml`, `postableAlert`), or of the
/// object that an Alertmanager's webhook posts, which has a status besides.
#[derive(serde::Deserialize)]
pub struct PostedAlert<'a> {
    #[serde(borrow, default)]
    pub labels: Option<Pairs<'a>>,
    #[serde(borrow, default)]
    pub annotations: Option<Pairs<'a>>,
    #[serde(borrow, default, rename = "startsAt")]
    pub starts_at: Option<Text<'a>>,
    #[serde(borrow, default, rename = "endsAt")]
    pub ends_at: Option<Text<'a>>,
    #[serde(borrow, default, rename = "generatorURL")]
    pub generator_url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub status: Option<Text<'a>>,
}

/// A JSON string; borrowed unless it has escapes.
pub struct Text<'a>(pub Cow<'a, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A JSON object of strings, in the order in which they stand. Keeps no more than it may have, and counts the rest.
pub struct Pairs<'a> {
    pub kept: Vec<(Text<'a>, Text<'a>)>,
    pub count: usize,
    pub text_bytes: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    /// A value of null is Go's empty string.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Pairs { kept: Vec::with_capacity(8), count: 0, text_bytes: 0 };
        while let Some((name, value)) = map.next_entry::<Text<'de>, Option<Text<'de>>>()? {
            let value = value.unwrap_or(Text(Cow::Borrowed("")));
            pairs.count += 1;
            pairs.text_bytes += name.0.len() + value.0.len();
            if pairs.count <= MAX_PAIRS {
                pairs.kept.push((name, value));
            }
        }
        Ok(pairs)
    }
}
