//! What the store keeps, for how long, and what it does when it is full.

use std::time::Duration;

use larum_core::matcher::{MatchOp, Matcher};
use larum_metrics::{Reading, Store, StoreOptions};
use larum_promql::Querier;

use super::support::{at, evaluate, reading, values};

/// Longer than any test.
const DAYS: Duration = Duration::from_secs(30 * 86_400);

#[test]
fn what_goes_in_comes_out() {
    let store = Store::default();
    for minute in 0..500 {
        store.append("host", at(minute), &[reading("x", minute as f64)]);
    }
    assert_eq!(values(&store, "x", 2), ["0@0", "1@1", "2@2"]);
    assert_eq!(values(&store, "x", 1000).len(), 500);
    let part = store.select(&[Matcher::equal("__name__", "x")], at(238), at(242)).unwrap();
    let values: Vec<f64> = part[0].samples.iter().map(|sample| sample.value).collect();
    assert_eq!(values, [239.0, 240.0, 241.0, 242.0], "across a chunk's border, left-open");
    assert_eq!(store.newest(), Some(at(499)));
}

#[test]
fn a_series_that_its_source_has_no_more_ends() {
    let store = Store::default();
    store.append("a", at(0), &[reading("x", 1.0), reading("y", 1.0)]);
    store.append("b", at(0), &[reading("z", 1.0)]);
    let second = store.append("a", at(1), &[reading("y", 2.0)]);
    assert_eq!((second.appended, second.ended), (2, 1));
    store.append("a", at(2), &[reading("y", 3.0)]);
    store.append("a", at(3), &[reading("x", 4.0)]);
    assert_eq!(values(&store, "x", 9), ["1@0", "!@1", "4@3"], "ended once, and back");
    assert_eq!(values(&store, "y", 9), ["1@0", "2@1", "3@2", "!@3"]);
    assert_eq!(values(&store, "z", 9), ["1@0"], "the other source's series is not touched");
    assert!(evaluate(&store, "y", 3).value.elements().is_empty());
}

#[test]
fn a_sample_that_is_not_newer_is_refused_and_counted() {
    let store = Store::default();
    store.append("a", at(5), &[reading("x", 1.0)]);
    assert_eq!(store.append("a", at(4), &[reading("x", 2.0)]).out_of_order, 1);
    assert_eq!(store.append("a", at(5), &[reading("x", 2.0)]).duplicates, 1);
    assert_eq!(store.append("a", at(5), &[reading("x", 1.0)]).repeated, 1, "the same once more");
    assert_eq!(values(&store, "x", 9), ["1@5"]);
    let written = store.status().written;
    assert_eq!((written.out_of_order, written.duplicates), (1, 1));
}

#[test]
fn when_the_clock_jumps_back_the_future_is_taken_back() {
    let store = Store::new(StoreOptions { retention: DAYS, ..StoreOptions::default() });
    for minute in 0..=600 {
        store.append("a", at(minute), &[reading("x", minute as f64)]);
    }
    store.append("b", at(100), &[reading("y", 1.0)]);
    let bytes = store.status().bytes;
    assert_eq!(store.rewind(at(500)), 100);
    assert!(store.status().bytes < bytes);
    assert_eq!(store.append("a", at(501), &[reading("x", 7.0)]).appended, 1);
    let values = values(&store, "x", 999);
    assert_eq!((values.len(), values[500].as_str(), values[501].as_str()), (502, "500@500", "7@501"));
    assert_eq!(store.rewind(at(700)), 0);
}

#[test]
fn the_newest_samples_are_the_same_as_those_of_the_whole_range() {
    let store = Store::new(StoreOptions { retention: DAYS, ..StoreOptions::default() });
    for minute in (0..400).step_by(3) {
        store.append(
            "a",
            at(minute),
            &[reading("x{n=1}", minute as f64), reading(&format!("x{{n={minute}}}"), 1.0)],
        );
    }
    let x = [Matcher::equal("__name__", "x")];
    for to in [0, 1, 100, 238, 239, 240, 241, 399, 500] {
        let show = |series: larum_promql::Series| {
            let newest = series.samples.last().unwrap();
            (series.labels, newest.at, newest.value.to_bits())
        };
        let mut whole: Vec<_> = store.select(&x, at(to - 5), at(to)).unwrap().into_iter().map(show).collect();
        let mut newest: Vec<_> =
            store.select_newest(&x, at(to - 5), at(to)).unwrap().into_iter().map(show).collect();
        whole.sort_by(|a, b| a.0.cmp(&b.0));
        newest.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(whole, newest, "at minute {to}");
    }
}

#[test]
fn how_many_samples_there_are_at_least_is_known_without_reading_them() {
    let store = Store::new(StoreOptions { retention: DAYS, ..StoreOptions::default() });
    for minute in 0..1000 {
        store.append("a", at(minute), &[reading("x{n=1}", 1.0), reading("x{n=2}", 2.0), reading("y", 1.0)]);
    }
    let x = [Matcher::equal("__name__", "x")];
    assert_eq!(store.at_least(&x, at(-1), at(999)), 2000);
    for (from, to) in [(-1, 0), (0, 100), (0, 700), (239, 479), (500, 999), (999, 2000)] {
        let read: usize =
            store.select(&x, at(from), at(to)).unwrap().iter().map(|series| series.samples.len()).sum();
        let at_least = store.at_least(&x, at(from), at(to));
        assert!(at_least <= read as u64 && at_least + 2 * 480 >= read as u64, "{at_least} of {read}");
    }
}

#[test]
fn the_index_finds_what_matchers_ask_for() {
    let store = Store::default();
    let series = ["x{a=1,b=1}", "x{a=2,b=1}", "x{a=3}", "y{a=1}"];
    store.append("s", at(0), &series.map(|series| reading(series, 0.0)));
    let find = |matchers: &[(&str, MatchOp, &str)]| {
        let matchers: Vec<Matcher> =
            matchers.iter().map(|(name, op, value)| Matcher::new(*name, *op, *value).unwrap()).collect();
        store.select(&matchers, at(-1), at(0)).unwrap().len()
    };
    assert_eq!(find(&[("__name__", MatchOp::Equal, "x")]), 3);
    assert_eq!(find(&[("__name__", MatchOp::Equal, "x"), ("a", MatchOp::Equal, "1")]), 1);
    assert_eq!(find(&[("__name__", MatchOp::Equal, "x"), ("b", MatchOp::Equal, "")]), 1);
    assert_eq!(find(&[("a", MatchOp::Regexp, "1|2")]), 3);
    assert_eq!(find(&[("a", MatchOp::NotEqual, "")]), 4);
    assert_eq!(find(&[("b", MatchOp::NotRegexp, ".+")]), 2);
    assert_eq!(find(&[("a", MatchOp::Equal, "9")]), 0);
    assert_eq!(find(&[("none", MatchOp::Equal, "")]), 4);
}

#[test]
fn old_samples_go_and_with_them_series_that_ended() {
    let store = Store::new(StoreOptions { retention: Duration::from_secs(3600), ..StoreOptions::default() });
    store.append("a", at(0), &[reading("x", 0.0), reading("gone", 0.0)]);
    for minute in 1..1000 {
        store.append("a", at(minute), &[reading("x", minute as f64)]);
    }
    assert_eq!(store.status().series, 1, "the series that ended is forgotten");
    let x = store.select(&[Matcher::equal("__name__", "x")], at(-1), at(1000)).unwrap();
    let oldest = x[0].samples[0].at;
    assert!(oldest > at(1000 - 60 - 240) && oldest <= at(1000 - 60), "whole chunks go: {oldest:?}");
    assert!(store.status().dropped_by_age > 0);
    store.retain(at(5000));
    assert_eq!(store.status().series, 0);
    assert!(store.status().bytes < 100, "{} bytes of nothing", store.status().bytes);
    assert_eq!(store.status().dropped_by_age, store.status().written.appended, "each is counted");
}

#[test]
fn when_memory_is_full_the_oldest_chunks_go_first() {
    let most_bytes = 200_000;
    let store = Store::new(StoreOptions { most_bytes, retention: DAYS, ..StoreOptions::default() });
    let names: Vec<String> = (0..20).map(|n| format!("x{{n={n}}}")).collect();
    for minute in 0..3000 {
        // Noise, so that it does not compress away.
        let noise = |n: usize| ((minute as f64 * 12.9898 + n as f64 * 78.233).sin() * 43_758.545_3).fract();
        let batch: Vec<Reading> = names.iter().enumerate().map(|(n, name)| reading(name, noise(n))).collect();
        let written = store.append("a", at(minute), &batch);
        assert_eq!(written.appended, 20);
        assert!(store.status().bytes <= most_bytes + 20 * 200, "{} bytes", store.status().bytes);
    }
    assert!(store.status().dropped_by_size > 0);
    let newest = evaluate(&store, "count(x)", 2999);
    assert_eq!(newest.value.elements()[0].value, 20.0, "what is new stays");
}

#[test]
fn when_there_is_nothing_to_drop_new_series_are_refused_and_counted() {
    let store = Store::new(StoreOptions { most_bytes: 10_000, ..StoreOptions::default() });
    let batch: Vec<Reading> = (0..100).map(|n| reading(&format!("x{{n={n}}}"), 1.0)).collect();
    let first = store.append("a", at(0), &batch);
    assert!(first.refused_full > 0 && first.appended > 10);
    assert_eq!(first.appended + first.refused_full, 100);
    let second = store.append("a", at(1), &batch);
    assert_eq!(second.appended, first.appended, "those that were taken go on");
    assert_eq!(store.status().written.refused_full, first.refused_full + second.refused_full);
}

#[test]
fn the_text_of_a_label_that_no_other_series_has_counts_twice() {
    let store = Store::default();
    let bytes = |store: &Store| store.status().bytes;
    store.append("a", at(0), &[reading("x", 1.0)]);
    let before = bytes(&store);
    store.append("b", at(0), &[reading(&format!("x{{{}=1}}", "n".repeat(1000)), 1.0)]);
    let name = bytes(&store) - before;
    store.append("c", at(0), &[reading(&format!("x{{n={}}}", "v".repeat(1000)), 1.0)]);
    let value = bytes(&store) - before - name;
    // Once among the labels of the series, once in the index.
    assert!(name > 2000 && value > 2000, "{name} bytes for the name, {value} for the value");
}

#[test]
fn what_was_missed_is_known_also_after_a_restart_and_a_clock_that_jumps_back() {
    let options = StoreOptions { longest_pause: Duration::from_secs(120), ..StoreOptions::default() };
    let store = Store::new(options);
    let missed = |store: &Store, minutes: u64, now: i64| {
        store.missed(Duration::from_secs(minutes * 60), at(now)).as_secs() / 60
    };
    assert_eq!(missed(&store, 5, 100), 5, "nothing was ever collected");
    for minute in [100, 102, 103, 110, 111] {
        // Series come and go; each collection shows that somebody looked.
        store.append("a", at(minute), &[reading(&format!("x{{n={minute}}}"), 1.0)]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.snapshot");
    store.write_snapshot(&path).unwrap();
    let read = Store::read_snapshot(&path, at(111), options).unwrap();
    for store in [store, read] {
        assert_eq!(missed(&store, 1, 111), 0);
        assert_eq!(missed(&store, 11, 111), 7);
        assert_eq!(missed(&store, 60, 111), 7 + 49);
        assert_eq!(missed(&store, 600, 111), 360 - 4, "more than the retention cannot be asked for");
        store.rewind(at(106));
        store.append("a", at(106), &[reading("x", 1.0)]);
        assert_eq!(missed(&store, 6, 106), 3);
    }
}

#[test]
fn readers_and_the_writer_work_side_by_side() {
    let store = Store::new(StoreOptions { retention: DAYS, ..StoreOptions::default() });
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for minute in 0..2000 {
                store.append("a", at(minute), &[reading("x", minute as f64), reading("y", 1.0)]);
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let values = values(&store, "x", 2000);
                    assert!(values.iter().enumerate().all(|(n, value)| *value == format!("{n}@{n}")));
                }
            });
        }
    });
}
