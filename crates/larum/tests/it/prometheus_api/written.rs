//! Series as they are given to Prometheus and to Larum.

use super::both::{COUNT, STEP};

/// A series with its samples.
pub struct Written {
    labels: Vec<(&'static str, String)>,
    /// When in seconds since 1970, and what.
    samples: Vec<(i64, f64)>,
}

/// Two counters that are reset, gauges with gaps and with what is no number, and a histogram.
pub fn series(first: i64) -> Vec<Written> {
    let mut all = Vec::new();
    let mut add = |labels: &[(&'static str, &str)], value: &dyn Fn(i64) -> Option<f64>| {
        let at = |index: i64| value(index).map(|value| (first + index * STEP, value));
        all.push(Written {
            labels: labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            samples: (0..COUNT).filter_map(at).collect(),
        });
    };
    for (instance, code, rate) in [("a:1", "200", 3), ("a:1", "500", 1), ("b:2", "200", 7)] {
        let labels = [("__name__", "requests_total"), ("instance", instance), ("code", code)];
        add(&labels, &|index| Some((index % 50 * rate) as f64));
    }
    for (room, shift) in [("hall", 0), ("\"yard\" \\ é", 5)] {
        let labels = [("__name__", "temperature"), ("room", room), ("unit", "°C")];
        add(&labels, &|index| (index % 37 != 3).then_some((index * 7 + shift) as f64 % 41.0 / 4.0));
    }
    add(&[("__name__", "odd"), ("kind", "nan")], &|_| Some(f64::NAN));
    add(&[("__name__", "odd"), ("kind", "inf")], &|index| Some(if index < 60 { 1.0 } else { f64::INFINITY }));
    add(&[("__name__", "odd"), ("kind", "small")], &|_| Some(1.5e-9));
    add(&[("__name__", "odd"), ("kind", "large")], &|_| Some(1.5e30));
    for (le, part) in [("0.1", 2), ("0.5", 5), ("1", 8), ("+Inf", 10)] {
        add(&[("__name__", "latency_bucket"), ("le", le)], &|index| Some((index * part) as f64));
    }
    all
}

impl Written {
    /// The lines of the text that promtool makes blocks of (OpenMetrics 1.0).
    pub fn to_openmetrics(&self) -> String {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let labels: Vec<String> =
            self.labels[1..].iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let (name, labels) = (&self.labels[0].1, labels.join(","));
        let line = |(at, value): &(i64, f64)| match value {
            value if value.is_infinite() => format!("{name}{{{labels}}} +Inf {at}\n"),
            value => format!("{name}{{{labels}}} {value} {at}\n"),
        };
        self.samples.iter().map(line).collect()
    }

    /// Its part of a request (Prometheus, "Remote-Write 1.0 specification", `TimeSeries`).
    fn to_message(&self) -> Vec<u8> {
        let label = |(name, value): &(&str, String)| {
            field(1, &[field(1, name.as_bytes()), field(2, value.as_bytes())].concat())
        };
        let sample = |(at, value): &(i64, f64)| {
            let mut message = vec![0x09];
            message.extend(value.to_bits().to_le_bytes());
            message.push(0x10);
            push_varint(&mut message, (at * 1000).cast_unsigned());
            field(2, &message)
        };
        self.labels.iter().map(label).chain(self.samples.iter().map(sample)).flatten().collect()
    }
}

/// A request that pushes these series.
pub fn write_request(known: &[Written]) -> Vec<u8> {
    let message: Vec<u8> = known.iter().flat_map(|series| field(1, &series.to_message())).collect();
    snap::raw::Encoder::new().compress_vec(&message).expect("it is not too long")
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    push_varint(&mut out, bytes.len() as u64);
    out.extend(bytes);
    out
}

fn push_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
