//! Times, numbers and labels as Prometheus' JSON has them.

use std::fmt;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::Sample;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The furthest time from the epoch that is believed, in seconds: what a float tells apart to the millisecond.
const FURTHEST: f64 = 9.0e12;

/// The most labels of one series that are believed: no server lets a series have nearly as many.
const MOST_LABELS: usize = 1000;

/// The time of a sample: a JSON number of seconds, rounded to the millisecond that was meant.
pub(crate) fn time<E: de::Error>(seconds: f64) -> Result<Timestamp, E> {
    if !seconds.is_finite() || seconds.abs() > FURTHEST {
        return Err(E::custom(format_args!("{seconds} is not the time of a sample")));
    }
    Ok(Timestamp::from_millis((seconds * 1000.0).round() as i64))
}

/// The value of a sample: a JSON string with a number as Go prints it.
pub(crate) fn number<E: de::Error>(text: &str) -> Result<f64, E> {
    match text {
        "NaN" => return Ok(f64::NAN),
        "+Inf" | "Inf" => return Ok(f64::INFINITY),
        "-Inf" => return Ok(f64::NEG_INFINITY),
        _ => {}
    }
    // What Rust takes beyond that, such as `infinity`, no server prints.
    let printed = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = if printed { text.parse().ok() } else { None };
    number.ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        E::custom(format_args!("{shown:?} is not the value of a sample"))
    })
}

/// `[1435781451.781, "1"]`.
pub(crate) struct Pair(pub(crate) Sample);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeAndValue;
        impl<'de> Visitor<'de> for TimeAndValue {
            type Value = Pair;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sample: a time and a value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pair, A::Error> {
                let at = seq.next_element::<Time>()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                let value =
                    seq.next_element::<Number>()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
                if seq.next_element::<IgnoredAny>()?.is_some() {
                    return Err(de::Error::invalid_length(3, &self));
                }
                Ok(Pair(Sample { at: at.0, value: value.0 }))
            }
        }
        deserializer.deserialize_seq(TimeAndValue)
    }
}

struct Time(Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seconds;
        impl Visitor<'_> for Seconds {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the time of a sample in seconds")
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Time, E> {
                time(seconds).map(Time)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Time, E> {
                self.visit_f64(seconds as f64)
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Time, E> {
                self.visit_f64(seconds as f64)
            }
        }
        deserializer.deserialize_any(Seconds)
    }
}

struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Printed;
        impl Visitor<'_> for Printed {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the value of a sample as a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                number(text).map(Number)
            }
        }
        deserializer.deserialize_any(Printed)
    }
}

/// `{"__name__": "up", "job": "node"}`.
pub(crate) struct Labels(pub(crate) LabelSet);

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Labels;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the labels of a series")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::with_capacity(16);
                while let Some(pair) = map.next_entry()? {
                    if pairs.len() == MOST_LABELS {
                        let words = format_args!("a series has more than {MOST_LABELS} labels");
                        return Err(de::Error::custom(words));
                    }
                    pairs.push(pair);
                }
                Ok(Labels(LabelSet::from_pairs(pairs)))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(json: &str) -> Result<(i64, f64), String> {
        let read = serde_json::from_str::<Pair>(json).map_err(|error| error.to_string());
        read.map(|Pair(sample)| (sample.at.as_millis(), sample.value))
    }

    #[test]
    fn a_sample_is_read_as_prometheus_prints_it() {
        assert_eq!(pair(r#"[1435781451.781,"1"]"#), Ok((1_435_781_451_781, 1.0)));
        assert_eq!(pair(r#"[1435781451,"-1.5e-07"]"#), Ok((1_435_781_451_000, -1.5e-7)));
        assert_eq!(pair(r#"[-0.001,"+Inf"]"#), Ok((-1, f64::INFINITY)));
        assert_eq!(pair(r#"[0,"-Inf"]"#), Ok((0, f64::NEG_INFINITY)));
        assert!(pair(r#"[1,"NaN"]"#).unwrap().1.is_nan());
        // A float of seconds is always a little off; every millisecond of a day must survive it.
        for millis in (1_700_000_000_000..1_700_000_001_000).chain(1_000_000_000_999..1_000_000_001_500) {
            let json = format!(r#"[{}.{:03},"0"]"#, millis / 1000, millis % 1000);
            assert_eq!(pair(&json), Ok((millis, 0.0)), "{json}");
        }
    }

    #[test]
    fn a_sample_that_lies_is_named() {
        let wrong = |json: &str, words: &str| {
            let error = pair(json).unwrap_err();
            assert!(error.contains(words), "{json}: {error}");
        };
        wrong(r#"["NaN","1"]"#, "expected the time of a sample");
        wrong(r#"[NaN,"1"]"#, "expected");
        wrong(r#"[null,"1"]"#, "expected the time of a sample");
        wrong(r#"[1e300,"1"]"#, "not the time of a sample");
        wrong(r#"[1,1]"#, "expected the value of a sample");
        wrong(r#"[1,"infinity"]"#, "is not the value of a sample");
        wrong(r#"[1,"nan"]"#, "is not the value of a sample");
        wrong(r#"[1,""]"#, "is not the value of a sample");
        wrong(r#"[1,"1 000"]"#, "is not the value of a sample");
        wrong(r#"[1]"#, "a time and a value");
        wrong(r#"[1,"1","2"]"#, "a time and a value");
        wrong(r#"{}"#, "a time and a value");
    }
}
