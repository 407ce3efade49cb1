//! What another Prometheus pushes.

use larum_metrics::exposition::MetricType;
use larum_metrics::remote_write::{Error, InvalidLabels, Limits, WriteRequest, decode};
use larum_metrics::{Store, Written};
use larum_promql::STALE;
use proptest::prelude::*;

use super::support::{at, values};

/// A field that holds bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut length = bytes.len();
    let mut out = vec![number << 3 | 2];
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    [out, bytes.to_vec()].concat()
}

fn varint(number: u8, value: i64) -> Vec<u8> {
    let mut value = value.cast_unsigned();
    let mut out = vec![number << 3];
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn label(name: &str, value: &str) -> Vec<u8> {
    field(1, &[field(1, name.as_bytes()), field(2, value.as_bytes())].concat())
}

fn sample(minute: i64, value: f64) -> Vec<u8> {
    let value = [vec![1 << 3 | 1], value.to_bits().to_le_bytes().to_vec()].concat();
    field(2, &[value, varint(2, at(minute).as_millis())].concat())
}

fn series(parts: &[Vec<u8>]) -> Vec<u8> {
    field(1, &parts.concat())
}

fn compressed(message: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(message).unwrap()
}

fn read(message: &[u8]) -> Result<WriteRequest, Error> {
    decode(&compressed(message), &Limits::default())
}

#[test]
fn what_is_pushed_is_in_the_store_and_markers_of_staleness_are_themselves() {
    let message = [
        series(&[label("job", "a"), label("__name__", "x"), sample(1, 1.5), sample(2, STALE)]),
        series(&[label("__name__", "x"), label("job", "b"), sample(-1, f64::NAN), label("empty", "")]),
        field(3, &[varint(1, 1), field(2, b"x"), field(4, b"What x is."), field(5, b"seconds")].concat()),
        varint(15, 7),
    ]
    .concat();
    let request = read(&message).unwrap();
    assert_eq!(request.series[0].samples[1].1.to_bits(), STALE.to_bits());
    assert_eq!(request.series[1].labels.to_string(), r#"{__name__="x", job="b"}"#);
    let store = Store::default();
    let written = store.append_written(at(2), &request);
    assert_eq!(written, Written { appended: 3, ..Written::default() });
    assert_eq!(values(&store, "x", 5), ["1.5@1", "!@2"], "the other lies before the time asked for");
    let said = &store.metadata()["x"][0];
    assert_eq!(
        (said.metric_type, said.help.as_str(), said.unit.as_str()),
        (MetricType::Counter, "What x is.", "seconds")
    );
    let again = store.append_written(at(2), &request);
    assert_eq!((again.appended, again.repeated, again.out_of_order), (0, 2, 1), "sent twice, taken once");
}

#[test]
fn what_larum_does_not_keep_is_left_out_and_counted() {
    let message = [
        series(&[label("__name__", "h"), field(4, b""), field(4, b""), field(3, b"")]),
        series(&[label("job", "a"), sample(1, 1.0), sample(2, 1.0)]),
        series(&[label("__name__", "x"), label("a", "1"), label("a", "2"), sample(1, 1.0)]),
        series(&[label("__name__", "x"), label("", "1"), sample(1, 1.0)]),
        series(&[label("__name__", "x"), label("a", &"v".repeat(70_000)), sample(1, 1.0)]),
        series(&[label("__name__", "good"), sample(1, 1.0)]),
    ]
    .concat();
    let request = read(&message).unwrap();
    assert_eq!(request.series.len(), 1);
    assert_eq!((request.left_out.histograms, request.left_out.exemplars), (2, 1));
    assert_eq!((request.left_out.invalid, request.left_out.first_invalid), (5, Some(InvalidLabels::NoName)));
}

#[test]
fn a_body_that_is_none_is_refused_in_words() {
    let refused = |body: &[u8]| decode(body, &Limits::default()).unwrap_err().to_string();
    assert!(refused(b"").contains("snappy"), "{}", refused(b""));
    assert!(refused(b"<html>").contains("snappy"), "{}", refused(b"<html>"));
    // It says that it has 4 GB, in six bytes.
    let bomb = refused(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
    assert_eq!(bomb, "the body has 4294967295 bytes once decompressed, the limit is 33554432");
    let cut = [series(&[label("__name__", "x")]), vec![1 << 3 | 2, 40]].concat();
    assert_eq!(read(&cut).unwrap_err().to_string(), "byte 19 of the message: it ends too early");
    let few = Limits { samples: 1, ..Limits::default() };
    let two = series(&[label("__name__", "x"), sample(1, 1.0), sample(2, 1.0)]);
    assert_eq!(decode(&compressed(&two), &few), Err(Error::Samples { limit: 1 }));
}

#[test]
fn labels_without_end_take_no_memory_without_end() {
    let many: Vec<Vec<u8>> = (0..5000).map(|n| label(&format!("l{n}"), "v")).collect();
    let request = read(&series(&[many.concat(), label("__name__", "x"), sample(1, 1.0)])).unwrap();
    assert_eq!(request.left_out.first_invalid, Some(InvalidLabels::Labels(128)));
}

proptest! {
    #[test]
    fn no_message_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = decode(&bytes, &Limits::default());
    }

    #[test]
    fn a_message_that_is_cut_or_changed_does_not_make_it_panic(at in 0..60_usize, byte in any::<u8>()) {
        let mut message = series(&[label("__name__", "x"), label("a", "b"), sample(1, 1.0), sample(2, 2.0)]);
        let at = at % message.len();
        let _ = read(&message[..at]);
        message[at] = byte;
        let _ = read(&message);
    }
}
