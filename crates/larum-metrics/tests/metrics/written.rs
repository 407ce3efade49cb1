//! Sources that know their series and bring times of their own.

use std::time::Duration;

use larum_core::label::LabelSet;
use larum_metrics::{Outcome, Store, StoreOptions, Writer, WrittenSeries};

use super::support::{at, reading, values};

fn series(name: &str) -> WrittenSeries {
    WrittenSeries::new(LabelSet::from_pairs([("__name__", name)]))
}

fn write(store: &Store, now: i64, work: impl FnOnce(&mut Writer<'_>)) -> larum_metrics::Written {
    let mut writer = store.writer(at(now));
    work(&mut writer);
    writer.written()
}

#[test]
fn each_sample_that_is_refused_says_why() {
    let store = Store::new(StoreOptions { retention: Duration::from_secs(3600), ..StoreOptions::default() });
    let (mut x, mut y) = (series("x"), series("y"));
    let written = write(&store, 100, |writer| {
        assert_eq!(writer.sample(&mut x, at(100), 1.0), Outcome::Taken);
        assert_eq!(writer.sample(&mut x, at(100), 1.0), Outcome::Repeated);
        assert_eq!(writer.sample(&mut x, at(100), 2.0), Outcome::Duplicate);
        assert_eq!(writer.sample(&mut x, at(99), 2.0), Outcome::OutOfOrder);
        assert_eq!(writer.sample(&mut y, at(39), 1.0), Outcome::TooOld);
        assert_eq!(writer.sample(&mut y, at(40), 1.0), Outcome::Taken, "the retention itself");
        assert_eq!(writer.sample(&mut y, at(111), 1.0), Outcome::TooNew);
        assert_eq!(writer.sample(&mut y, at(110), 1.0), Outcome::Taken, "ten minutes ahead");
    });
    assert_eq!((written.appended, written.repeated, written.duplicates), (3, 1, 1));
    assert_eq!((written.out_of_order, written.too_old, written.too_new), (1, 1, 1));
    assert_eq!(store.status().written, written);
    assert_eq!(values(&store, "y", 200), ["1@40", "1@110"]);
    assert_eq!(store.newest(), None, "its times are not those of a collection");
}

#[test]
fn a_source_ends_only_what_it_wrote_last() {
    let store = Store::default();
    let (mut mine, mut theirs, never) = (series("x"), series("x"), series("y"));
    write(&store, 0, |writer| {
        writer.sample(&mut mine, at(0), 1.0);
    });
    write(&store, 1, |writer| {
        writer.sample(&mut theirs, at(1), 2.0);
    });
    let written = write(&store, 2, |writer| {
        assert!(!writer.end(&mine, at(2)), "the other source goes on with it");
        assert!(!writer.end(&never, at(2)), "it was never written");
        assert!(writer.end(&theirs, at(2)));
        assert!(!writer.end(&theirs, at(3)), "it has ended");
    });
    assert_eq!(written.ended, 1);
    assert_eq!(values(&store, "x", 9), ["1@0", "2@1", "!@2"]);
}

#[test]
fn collections_of_two_sources_do_not_end_each_others_series() {
    let store = Store::default();
    store.append("a", at(0), &[reading("x", 1.0)]);
    store.append("b", at(1), &[reading("x", 2.0)]);
    assert_eq!(store.append("a", at(2), &[]).ended, 0, "b goes on with it");
    assert_eq!(store.append("b", at(3), &[]).ended, 1);
}

#[test]
fn a_series_that_was_forgotten_is_found_anew() {
    let store = Store::new(StoreOptions { retention: Duration::from_secs(3600), ..StoreOptions::default() });
    let mut x = series("x");
    write(&store, 0, |writer| {
        writer.sample(&mut x, at(0), 1.0);
    });
    store.retain(at(600));
    assert_eq!(store.status().series, 0);
    write(&store, 600, |writer| {
        writer.sample(&mut x, at(600), 2.0);
    });
    assert_eq!(values(&store, "x", 999), ["2@600"]);
}

#[test]
fn a_flood_of_new_series_is_refused_and_what_is_there_goes_on() {
    let most_bytes = 1 << 20;
    let store = Store::new(StoreOptions { most_bytes, ..StoreOptions::default() });
    let mut steady: Vec<WrittenSeries> = (0..20).map(|n| series(&format!("steady_{n}"))).collect();
    let mut refused = 0;
    for minute in 0..300 {
        let written = write(&store, minute, |writer| {
            for series in &mut steady {
                assert_eq!(writer.sample(series, at(minute), (minute as f64).sqrt()), Outcome::Taken);
            }
            for n in 0..200 {
                let labels =
                    [("__name__", "flood".to_owned()), ("id", format!("{minute}-{n}-{}", "i".repeat(40)))];
                writer.sample(&mut WrittenSeries::new(LabelSet::from_pairs(labels)), at(minute), 1.0);
            }
        });
        refused += written.refused_full;
        let bytes = store.status().bytes;
        assert!(bytes <= most_bytes + 64, "{bytes} bytes at minute {minute}");
    }
    assert!(refused > 50_000, "{refused} refused");
    assert_eq!(store.status().written.refused_full, refused);
    assert!(values(&store, "steady_7", 300).last().unwrap().ends_with("@299"));
}

#[test]
fn series_that_come_and_go_find_room_for_ever() {
    let most_bytes = 1 << 20;
    let store = Store::new(StoreOptions { most_bytes, ..StoreOptions::default() });
    for minute in 0..300 {
        let pods: Vec<_> = (0..40).map(|n| reading(&format!("up{{pod={minute}-{n}}}"), 1.0)).collect();
        let written = store.append("pods", at(minute), &pods);
        assert_eq!(written.appended, 40 + written.ended, "at minute {minute}");
        assert!(store.status().bytes <= most_bytes);
    }
    assert!(store.status().dropped_by_size > 0);
    let pods = store.label_values("pod", &[], at(0), at(300));
    assert!(pods.len() > 500, "{} pods are remembered", pods.len());
    assert!(pods.iter().any(|pod| pod.starts_with("299-")) && !pods.iter().any(|pod| pod.starts_with("0-")));
}

#[test]
fn series_that_fall_silent_without_a_word_make_room_too() {
    let most_bytes = 1 << 20;
    let store = Store::new(StoreOptions { most_bytes, ..StoreOptions::default() });
    let mut steady = series("steady");
    for minute in 0..300 {
        let written = write(&store, minute, |writer| {
            writer.sample(&mut steady, at(minute), 1.0);
            for n in 0..10 {
                writer.sample(&mut series(&format!("pushed_{minute}_{n}")), at(minute), 1.0);
            }
        });
        assert_eq!(written.refused_full, 0, "at minute {minute}");
    }
    assert!(store.status().dropped_by_size > 0);
    assert_eq!(values(&store, "pushed_299_7", 300), ["1@299"]);
}

#[test]
fn several_sources_write_at_once() {
    let store = Store::default();
    let sources = 8;
    std::thread::scope(|scope| {
        for source in 0..sources {
            let store = &store;
            scope.spawn(move || {
                let mut series: Vec<WrittenSeries> =
                    (0..50).map(|n| series(&format!("x_{source}_{n}"))).collect();
                for minute in 0..200 {
                    let written = write(store, minute, |writer| {
                        for series in &mut series {
                            writer.sample(series, at(minute), minute as f64);
                        }
                    });
                    assert_eq!(written.appended, 50);
                }
            });
        }
    });
    let status = store.status();
    assert_eq!((status.series, status.written.appended), (sources * 50, sources as u64 * 50 * 200));
    assert_eq!(values(&store, "x_3_7", 300).len(), 200);
}
