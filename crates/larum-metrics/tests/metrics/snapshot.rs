//! A restart forgets nothing, and a file that cannot be used is no crash.

use std::fs;

use larum_metrics::{SnapshotError, Store, StoreOptions, set_aside};

use super::support::{at, evaluate, reading, values};

fn full() -> Store {
    let store = Store::default();
    for minute in 0..300 {
        store.append("a", at(minute), &[reading("x{n=ä}", minute as f64), reading("y", 1.5)]);
    }
    store.append("a", at(300), &[reading("x{n=ä}", 300.0)]);
    store
}

fn open(path: &std::path::Path) -> Result<Store, SnapshotError> {
    Store::read_snapshot(path, at(301), StoreOptions::default())
}

#[test]
fn what_was_written_is_read_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.snapshot");
    full().write_snapshot(&path).unwrap();
    let store = open(&path).unwrap();
    assert_eq!(values(&store, "x", 999), values(&full(), "x", 999));
    assert_eq!(values(&store, "y", 999).last().unwrap(), "!@300");
    assert_eq!(store.newest(), Some(at(300)));
    assert_eq!(store.append("a", at(300), &[reading("x{n=ä}", 7.0)]).duplicates, 1);
    assert_eq!(store.append("a", at(301), &[reading("x{n=ä}", 7.0)]).appended, 1);
    assert_eq!(evaluate(&store, "x - x offset 5m", 301).value.elements()[0].value, 7.0 - 296.0);
    store.write_snapshot(&path).unwrap();
    assert_eq!(values(&open(&path).unwrap(), "x", 999).len(), 302, "also the second time");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn no_file_is_an_empty_store_and_old_data_is_dropped_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.snapshot");
    assert_eq!(open(&path).unwrap().status().series, 0);
    full().write_snapshot(&path).unwrap();
    let later = Store::read_snapshot(&path, at(10_000), StoreOptions::default()).unwrap();
    assert_eq!(later.status().series, 0);
}

#[test]
fn a_file_that_is_broken_anywhere_is_refused_and_can_be_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.snapshot");
    full().write_snapshot(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    for position in (0..whole.len()).step_by(97) {
        let mut broken = whole.clone();
        broken[position] ^= 0x40;
        fs::write(&path, &broken).unwrap();
        assert!(open(&path).is_err(), "byte {position} was not missed");
        fs::write(&path, &whole[..position]).unwrap();
        assert!(open(&path).is_err(), "cut at {position}");
    }
    let aside = set_aside(&path).unwrap();
    assert!(aside.exists() && !path.exists());
    assert_eq!(open(&path).unwrap().status().series, 0);
}

#[test]
fn a_newer_file_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.snapshot");
    full().write_snapshot(&path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = 9;
    fs::write(&path, &bytes).unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, SnapshotError::Newer { found: 9 }));
    assert!(error.to_string().contains("newer Larum"));
}

#[test]
fn a_snapshot_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    // A folder cannot be replaced by a file.
    let path = folder.path().join("metrics.snapshot");
    fs::create_dir(&path).unwrap();
    assert!(matches!(full().write_snapshot(&path), Err(SnapshotError::Io(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
