//! What is around every answer: status, data, warnings (Prometheus, "HTTP API", "Format overview").

use std::fmt;
use std::io::BufRead;

use larum_http::cut;
use larum_promql::{Annotation, Level};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::answer::room::Room;
use crate::body::{self, Body};
use crate::error::SourceError;

/// How many warnings and infos of one answer are kept; Prometheus sends at most ten of each.
const MAX_REMARKS: usize = 20;

/// An answer of which the data was read by its own seed.
#[derive(Debug)]
pub(crate) struct Envelope<T> {
    /// The data, if there was any and the status was not `error`.
    pub(crate) data: Option<T>,
    /// Infos, then warnings.
    pub(crate) annotations: Vec<Annotation>,
    /// `success` or `error`; empty if it was not said.
    pub(crate) status: String,
    /// Why not, by name.
    pub(crate) error_type: String,
    /// Why not, in words.
    pub(crate) error: String,
}

/// Reads an answer to a call that went well by its HTTP status.
///
/// # Errors
/// [`SourceError`], `Refused` with the status 200 if the answer itself says `error`.
pub(crate) fn read<T>(
    mut body: Body,
    room: &Room,
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<(T, Vec<Annotation>), SourceError> {
    begins_as_object(&mut body)?;
    let mut json = serde_json::Deserializer::from_reader(body);
    let envelope = Around(seed).deserialize(&mut json).map_err(|error| room.meaning(error))?;
    json.end().map_err(|error| room.meaning(error))?;
    match (envelope.status.as_str(), envelope.data) {
        ("success", Some(data)) => Ok((data, envelope.annotations)),
        ("success", None) => Err(SourceError::BadAnswer("it has no data".to_owned())),
        ("error", _) => {
            let (error_type, error) = (cut(&envelope.error_type), cut(&envelope.error));
            Err(SourceError::Refused { status: 200, error_type, error })
        }
        _ => Err(not_prometheus("JSON without Prometheus' status")),
    }
}

/// Looks at the first byte, so that a page or a text is called what it is.
fn begins_as_object(body: &mut Body) -> Result<(), SourceError> {
    loop {
        let ready = body.fill_buf().map_err(body::trouble)?;
        let blanks = ready.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match ready.get(blanks) {
            Some(b'{') => return Ok(()),
            Some(b'<') => return Err(not_prometheus("a page of HTML or XML")),
            Some(_) => return Err(not_prometheus("a text")),
            None if ready.is_empty() => return Err(not_prometheus("nothing")),
            None => body.consume(blanks),
        }
    }
}

fn not_prometheus(what: &str) -> SourceError {
    SourceError::NotPrometheus(format!(
        "answers with {what} instead of Prometheus' API: check the address and its path, and what stands in between \
         (a login page, a proxy)"
    ))
}

/// Reads an envelope with the data by its own seed.
pub(crate) struct Around<S>(pub(crate) S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Around<S> {
    type Value = Envelope<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Around<S> {
    type Value = Envelope<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer with status and data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut seed, mut data) = (Some(self.0), None);
        let (mut status, mut error_type, mut error) = (String::new(), String::new(), String::new());
        let (mut infos, mut warnings) = (Vec::new(), Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "status" => status = map.next_value()?,
                "errorType" => error_type = map.next_value()?,
                "error" => error = map.next_value()?,
                "warnings" => warnings = map.next_value::<Remarks>()?.0,
                "infos" => infos = map.next_value::<Remarks>()?.0,
                // VictoriaMetrics' cluster says so when some of its storage did not answer.
                "isPartial" => {
                    if map.next_value::<bool>()? {
                        warnings.push("some of the storage did not answer: the data is partial".to_owned());
                    }
                }
                "data" if status != "error" => match seed.take() {
                    Some(seed) => data = Some(map.next_value_seed(seed)?),
                    None => return Err(serde::de::Error::duplicate_field("data")),
                },
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let remark = |level| move |text| Annotation { level, text, place: None };
        let infos = infos.into_iter().map(remark(Level::Info));
        let annotations = infos.chain(warnings.into_iter().map(remark(Level::Warning))).collect();
        Ok(Envelope { data, annotations, status, error_type, error })
    }
}

/// The first of some remarks, each cut to a length that can be shown.
struct Remarks(Vec<String>);

impl<'de> Deserialize<'de> for Remarks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Several;
        impl<'de> Visitor<'de> for Several {
            type Value = Remarks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of remarks")
            }

            fn visit_unit<E>(self) -> Result<Remarks, E> {
                Ok(Remarks(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Remarks, A::Error> {
                let mut kept = Vec::new();
                while let Some(text) = seq.next_element::<String>()? {
                    if kept.len() < MAX_REMARKS {
                        kept.push(cut(&text));
                    }
                }
                Ok(Remarks(kept))
            }
        }
        deserializer.deserialize_any(Several)
    }
}
