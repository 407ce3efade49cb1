//! The value of an expression (Prometheus, "HTTP API", "Expression query result formats").
//!
//! What a result is shows in its shape, so it is read as it comes and held against its `resultType` at the end,
//! wherever that stands.

use std::fmt;

use foldhash::{HashSet, HashSetExt};
use larum_core::label::LabelSet;
use larum_promql::{Element, Sample, Series, Value};
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::answer::room::{Room, Stop};
use crate::answer::sample::{Labels, Pair, number, time};

/// Reads `{"resultType": …, "result": …}`.
pub(crate) struct Data<'a>(pub(crate) &'a Room);

impl<'de> DeserializeSeed<'de> for Data<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Data<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("resultType and result")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let (mut kind, mut result) = (String::new(), None);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "resultType" => kind = map.next_value()?,
                "result" => result = Some(map.next_value_seed(Items(self.0))?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        result.ok_or_else(|| de::Error::missing_field("result"))?.into_value(&kind)
    }
}

/// What a result consists of.
#[derive(Default)]
struct Found {
    elements: Vec<Element>,
    series: Vec<Series>,
    /// The time and the value of a scalar or a text.
    parts: Vec<Part>,
}

enum Part {
    Time,
    Text(String),
}

impl Found {
    fn into_value<E: de::Error>(mut self, kind: &str) -> Result<Value, E> {
        let shape = (self.elements.is_empty(), self.series.is_empty(), self.parts.as_mut_slice());
        match (kind, shape) {
            ("vector", (_, true, [])) => Ok(Value::Vector(self.elements)),
            ("matrix", (true, _, [])) => Ok(Value::Matrix(self.series)),
            ("scalar", (true, true, [Part::Time, Part::Text(text)])) => number(text).map(Value::Scalar),
            ("string", (true, true, [Part::Time, Part::Text(text)])) => Ok(Value::Text(std::mem::take(text))),
            _ => {
                let kind: String = kind.chars().take(40).collect();
                Err(E::custom(format_args!("the result does not have the form of its resultType {kind:?}")))
            }
        }
    }
}

/// Reads a result.
struct Items<'a>(&'a Room);

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of series, or a time and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found, A::Error> {
        let mut found = Found::default();
        let mut seen = HashSet::new();
        while let Some(item) = seq.next_element_seed(OneItem(self.0))? {
            let labels = match item {
                Item::Part(part) => {
                    found.parts.push(part);
                    continue;
                }
                Item::Element(element) => {
                    let labels = element.labels.clone();
                    found.elements.push(element);
                    labels
                }
                Item::Series(series) => {
                    let labels = series.labels.clone();
                    found.series.push(series);
                    labels
                }
            };
            if !seen.insert(labels.clone()) {
                return Err(de::Error::custom(format_args!("the series {labels} comes twice")));
            }
        }
        Ok(found)
    }
}

enum Item {
    Part(Part),
    Element(Element),
    Series(Series),
}

/// Reads one part of a result.
struct OneItem<'a>(&'a Room);

impl<'de> DeserializeSeed<'de> for OneItem<'_> {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OneItem<'_> {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a series, or a time and a value")
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Item, E> {
        self.0.take()?;
        time(seconds).map(|_| Item::Part(Part::Time))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Item, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Item, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Item, E> {
        self.0.take()?;
        Ok(Item::Part(Part::Text(text.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        self.0.take()?;
        let (mut labels, mut value, mut values) = (None, None, None);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "metric" => labels = Some(map.next_value::<Labels>()?.0),
                "value" => value = Some(map.next_value::<Pair>()?.0),
                "values" => values = Some(map.next_value::<InOrder>()?.0),
                "histogram" | "histograms" => return Err(self.0.end(Stop::NativeHistogram)),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let labels: LabelSet = labels.ok_or_else(|| de::Error::missing_field("metric"))?;
        match (value, values) {
            (Some(sample), None) => Ok(Item::Element(Element::new(labels, sample.value))),
            (None, Some(samples)) => Ok(Item::Series(Series { labels, samples: samples.into() })),
            _ => Err(de::Error::custom("a series has either a value or values")),
        }
    }
}

/// The samples of one series, each later than the one before.
struct InOrder(Vec<Sample>);

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Later;
        impl<'de> Visitor<'de> for Later {
            type Value = InOrder;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the samples of a series")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<InOrder, A::Error> {
                let mut samples: Vec<Sample> = Vec::new();
                while let Some(Pair(sample)) = seq.next_element()? {
                    if samples.last().is_some_and(|last| last.at >= sample.at) {
                        return Err(de::Error::custom("the samples of a series are not in order of time"));
                    }
                    samples.push(sample);
                }
                Ok(InOrder(samples))
            }
        }
        deserializer.deserialize_seq(Later)
    }
}
