//! Lists: of series, of names, of values, of what metrics mean.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use larum_core::label::LabelSet;
use larum_promql::{Annotation, Level};
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::answer::envelope;
use crate::answer::room::Room;
use crate::answer::sample::Labels;
use crate::body::Body;
use crate::error::SourceError;

/// What Prometheus says when it ends a list at its `limit` ("HTTP API").
const TRUNCATED: &str = "results truncated due to limit";

/// A list, and what the server has to say about it.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed<T> {
    /// What was found, in the server's order.
    pub items: Vec<T>,
    /// Infos, then warnings; that the list ends at its limit is a warning.
    pub annotations: Vec<Annotation>,
}

/// What a metric means, as one of its targets told it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetricMetadata {
    /// The metric, for histograms and summaries without their suffixes.
    pub metric: String,
    /// `counter`, `gauge`, `histogram` …
    pub kind: String,
    /// What it is, in words.
    pub help: String,
    /// Its unit; mostly empty.
    pub unit: String,
}

/// Reads a list of texts, of which the first `limit` are kept.
pub(crate) fn texts(body: Body, limit: usize) -> Result<Listed<String>, SourceError> {
    let kept = Kept::at_most(limit);
    let read = envelope::read(body, &kept.room, Entries { into: &kept, entry: PhantomData::<String> });
    kept.listed(read)
}

/// Reads a list of label sets, of which the first `limit` are kept.
pub(crate) fn label_sets(body: Body, limit: usize) -> Result<Listed<LabelSet>, SourceError> {
    let kept = Kept::at_most(limit);
    let read = envelope::read(body, &kept.room, Entries { into: &kept, entry: PhantomData::<Labels> });
    kept.listed(read)
}

/// Reads what metrics mean, of which the first `limit` are kept.
pub(crate) fn metadata(body: Body, limit: usize) -> Result<Listed<MetricMetadata>, SourceError> {
    let kept = Kept::at_most(limit);
    let read = envelope::read(body, &kept.room, Metrics(&kept));
    kept.listed(read)
}

/// What is kept of a list. It outlives the reading, so that what fits is there when the rest is not read.
struct Kept<T> {
    room: Room,
    items: RefCell<Vec<T>>,
}

impl<T> Kept<T> {
    fn at_most(limit: usize) -> Self {
        Self { room: Room::for_so_many(limit), items: RefCell::default() }
    }

    fn keep<E: de::Error>(&self, item: T) -> Result<(), E> {
        self.room.take()?;
        self.items.borrow_mut().push(item);
        Ok(())
    }

    fn listed(self, read: Result<((), Vec<Annotation>), SourceError>) -> Result<Listed<T>, SourceError> {
        let annotations = match read {
            Ok(((), annotations)) => annotations,
            Err(_) if self.room.is_full() => {
                vec![Annotation { level: Level::Warning, text: TRUNCATED.to_owned(), place: None }]
            }
            Err(error) => return Err(error),
        };
        Ok(Listed { items: self.items.into_inner(), annotations })
    }
}

/// Reads a list of which each entry is an `E`.
struct Entries<'a, T, E> {
    into: &'a Kept<T>,
    entry: PhantomData<E>,
}

impl<'de, T, E: Deserialize<'de> + Into<T>> DeserializeSeed<'de> for Entries<'_, T, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T, E: Deserialize<'de> + Into<T>> Visitor<'de> for Entries<'_, T, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    /// An empty list, as some servers write it.
    fn visit_unit<F>(self) -> Result<(), F> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(entry) = seq.next_element::<E>()? {
            self.into.keep(entry.into())?;
        }
        Ok(())
    }
}

impl From<Labels> for LabelSet {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}

/// Reads `{"metric": [{"type": …, "help": …, "unit": …}]}`.
struct Metrics<'a>(&'a Kept<MetricMetadata>);

#[derive(Deserialize)]
struct Meaning {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    unit: String,
}

impl<'de> DeserializeSeed<'de> for Metrics<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Metrics<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("metrics and what they mean")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((metric, First(meaning))) = map.next_entry()? {
            if let Some(Meaning { kind, help, unit }) = meaning {
                self.0.keep(MetricMetadata { metric, kind, help, unit })?;
            }
        }
        Ok(())
    }
}

/// The first of a list; the others are read over. Targets may differ in what they say about a metric: one is as good as
/// another.
struct First(Option<Meaning>);

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Meanings;
        impl<'de> Visitor<'de> for Meanings {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("what a metric means")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<First, A::Error> {
                let first = seq.next_element()?;
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }
        deserializer.deserialize_seq(Meanings)
    }
}
