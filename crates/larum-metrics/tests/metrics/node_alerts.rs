//! The community's alerts for nodes, each as an expression of ours, over a node that is well and one that is not.
//!
//! One minute is one sample; both stories run for two hours and a half.

use larum_core::time::Timestamp;
use larum_metrics::{Reading, Store};

use super::support::{at, evaluate, reading};

/// One series of a story: its name and its value at each minute.
type Told<'a> = (&'a str, &'a dyn Fn(f64) -> f64);

const END: i64 = 150;

fn told(story: &[Told<'_>]) -> Store {
    let store = Store::default();
    for minute in 0..=END {
        let readings: Vec<Reading> =
            story.iter().map(|(name, value)| reading(name, value(minute as f64))).collect();
        store.append("host", at(minute), &readings);
    }
    store
}

/// `expr` finds something in the `bad` story, nothing in the `good` one, and both have the data it needs.
#[track_caller]
fn tells_apart(expr: &str, bad: &[Told<'_>], good: &[Told<'_>]) {
    let bad = evaluate(&told(bad), expr, END);
    assert!(!bad.value.elements().is_empty(), "{expr} does not fire");
    let good = evaluate(&told(good), expr, END);
    assert!(good.value.elements().is_empty(), "{expr} fires for a node that is well: {:?}", good.value);
    assert_eq!(good.empty_selectors, [""; 0], "{expr} lacks data");
    let nothing = evaluate(&Store::default(), expr, END);
    assert!(!nothing.empty_selectors.is_empty(), "{expr} does not know that it has no data");
}

fn constant(value: f64) -> impl Fn(f64) -> f64 {
    move |_| value
}

fn growing(per_minute: f64) -> impl Fn(f64) -> f64 {
    move |minute| 1000.0 + per_minute * minute
}

const SIZE: &str = r#"node_filesystem_size_bytes{mountpoint="/"}"#;
const AVAILABLE: &str = r#"node_filesystem_avail_bytes{mountpoint="/"}"#;
const READ_ONLY: &str = r#"node_filesystem_readonly{mountpoint="/"}"#;
const FILES: &str = r#"node_filesystem_files{mountpoint="/"}"#;
const FILES_FREE: &str = r#"node_filesystem_files_free{mountpoint="/"}"#;

fn disk<'a>(
    available: &'a dyn Fn(f64) -> f64,
    size: &'a dyn Fn(f64) -> f64,
    ro: &'a dyn Fn(f64) -> f64,
) -> [Told<'a>; 3] {
    [(AVAILABLE, available), (SIZE, size), (READ_ONLY, ro)]
}

#[test]
fn a_file_system_that_fills_up() {
    let (hundred, no, yes) = (constant(100.0), constant(0.0), constant(1.0));
    let falling = |minute: f64| 14.0 - minute * 0.02;
    let steady = constant(12.0);
    for (part, hours) in [(0.15, 24), (0.15, 4)] {
        let expr = format!(
            "node_filesystem_avail_bytes / node_filesystem_size_bytes < {part} \
             and predict_linear(node_filesystem_avail_bytes[6h], {hours} * 3600) < 0 and node_filesystem_readonly == 0"
        );
        let quickly = |minute: f64| 14.0 - minute * 0.06;
        tells_apart(&expr, &disk(&quickly, &hundred, &no), &disk(&steady, &hundred, &no));
        tells_apart(&expr, &disk(&quickly, &hundred, &no), &disk(&quickly, &hundred, &yes));
    }
    let within_a_day = "predict_linear(node_filesystem_avail_bytes[6h], 24 * 3600) < 0";
    tells_apart(within_a_day, &disk(&falling, &hundred, &no), &disk(&steady, &hundred, &no));
}

#[test]
fn a_file_system_that_is_full() {
    let (hundred, no, yes) = (constant(100.0), constant(0.0), constant(1.0));
    let (bad, good) = (constant(2.0), constant(6.0));
    for percent in [5, 3] {
        let expr = format!(
            "node_filesystem_avail_bytes / node_filesystem_size_bytes * 100 < {percent} and node_filesystem_readonly == 0"
        );
        tells_apart(&expr, &disk(&bad, &hundred, &no), &disk(&good, &hundred, &no));
        tells_apart(&expr, &disk(&bad, &hundred, &no), &disk(&bad, &hundred, &yes));
    }
}

#[test]
fn inodes_that_run_out() {
    let hundred = constant(100.0);
    let falling = |minute: f64| 40.0 - minute * 0.2;
    let (few, enough) = (constant(2.0), constant(50.0));
    let filling = "node_filesystem_files_free / node_filesystem_files < 0.2 \
                   and predict_linear(node_filesystem_files_free[6h], 4 * 3600) < 0";
    tells_apart(
        filling,
        &[(FILES_FREE, &falling), (FILES, &hundred)],
        &[(FILES_FREE, &enough), (FILES, &hundred)],
    );
    for percent in [5, 3] {
        let expr = format!("node_filesystem_files_free / node_filesystem_files * 100 < {percent}");
        tells_apart(
            &expr,
            &[(FILES_FREE, &few), (FILES, &hundred)],
            &[(FILES_FREE, &enough), (FILES, &hundred)],
        );
    }
}

#[test]
fn errors_on_the_network() {
    for direction in ["receive", "transmit"] {
        let errors = format!("node_network_{direction}_errs_total{{device=\"eth0\"}}");
        let packets = format!("node_network_{direction}_packets_total{{device=\"eth0\"}}");
        let expr = format!(
            "rate(node_network_{direction}_errs_total[3m]) / rate(node_network_{direction}_packets_total[3m]) > 0.01"
        );
        let (many, few, all) = (growing(20.0), growing(0.5), growing(1000.0));
        tells_apart(&expr, &[(&errors, &many), (&packets, &all)], &[(&errors, &few), (&packets, &all)]);
    }
}

#[test]
fn an_interface_that_flaps() {
    let flaps = |minute: f64| f64::from(u8::from(minute as i64 % 2 == 0));
    let up = constant(1.0);
    let expr = r#"changes(node_network_up{device!~"veth.+"}[5m]) > 2"#;
    tells_apart(
        expr,
        &[("node_network_up{device=\"eth0\"}", &flaps)],
        &[("node_network_up{device=\"eth0\"}", &up)],
    );
    let virtual_ones = [("node_network_up{device=\"veth12\"}", &flaps as &dyn Fn(f64) -> f64)];
    let store = told(&virtual_ones);
    assert!(evaluate(&store, expr, END).value.elements().is_empty());
}

#[test]
fn connections_tracked_and_files_open() {
    let (limit, many, few) = (constant(100.0), constant(95.0), constant(50.0));
    let conntrack = "node_nf_conntrack_entries / node_nf_conntrack_entries_limit > 0.75";
    tells_apart(
        conntrack,
        &[("node_nf_conntrack_entries", &many), ("node_nf_conntrack_entries_limit", &limit)],
        &[("node_nf_conntrack_entries", &few), ("node_nf_conntrack_entries_limit", &limit)],
    );
    for percent in [70, 90] {
        let expr = format!("node_filefd_allocated * 100 / node_filefd_maximum > {percent}");
        tells_apart(
            &expr,
            &[("node_filefd_allocated", &many), ("node_filefd_maximum", &limit)],
            &[("node_filefd_allocated", &few), ("node_filefd_maximum", &limit)],
        );
    }
}

#[test]
fn a_raid_with_failed_or_missing_disks() {
    let (none, one, two) = (constant(0.0), constant(1.0), constant(2.0));
    let failed = r#"node_md_disks{device="md0",state="failed"}"#;
    let active = r#"node_md_disks{device="md0",state="active"}"#;
    let required = r#"node_md_disks_required{device="md0"}"#;
    tells_apart(r#"node_md_disks{state="failed"} > 0"#, &[(failed, &one)], &[(failed, &none)]);
    tells_apart(
        r#"node_md_disks_required - ignoring(state) node_md_disks{state="active"} > 0"#,
        &[(required, &two), (active, &one)],
        &[(required, &two), (active, &two)],
    );
}

#[test]
fn a_processor_that_is_busy() {
    let (idle, busy) = (growing(57.0), growing(3.0));
    let (user, other) = (growing(57.0), growing(3.0));
    let cpu = |mode: &str| format!("node_cpu_seconds_total{{cpu=\"0\",mode=\"{mode}\"}}");
    let (idle_name, user_name) = (cpu("idle"), cpu("user"));
    let expr = r#"
        sum without (mode) (avg without (cpu) (rate(node_cpu_seconds_total{mode!~"idle|iowait"}[3m]))) * 100 > 90
    "#;
    tells_apart(
        expr,
        &[(&idle_name, &busy), (&user_name, &user)],
        &[(&idle_name, &idle), (&user_name, &other)],
    );
}

#[test]
fn a_node_with_more_work_than_processors() {
    let (load, little, seconds) = (constant(9.0), constant(1.0), growing(60.0));
    let (cpu0, cpu1) =
        (r#"node_cpu_seconds_total{cpu="0",mode="idle"}"#, r#"node_cpu_seconds_total{cpu="1",mode="idle"}"#);
    let expr = r#"node_load1 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) > 2"#;
    tells_apart(
        expr,
        &[("node_load1", &load), (cpu0, &seconds), (cpu1, &seconds)],
        &[("node_load1", &little), (cpu0, &seconds), (cpu1, &seconds)],
    );
}

#[test]
fn memory_that_is_short() {
    let (total, little, enough) = (constant(100.0), constant(5.0), constant(50.0));
    tells_apart(
        "100 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes * 100 > 90",
        &[("node_memory_MemAvailable_bytes", &little), ("node_memory_MemTotal_bytes", &total)],
        &[("node_memory_MemAvailable_bytes", &enough), ("node_memory_MemTotal_bytes", &total)],
    );
    let (many, few) = (growing(60_000.0), growing(60.0));
    let faults = "rate(node_vmstat_pgmajfault[5m]) > 500";
    tells_apart(faults, &[("node_vmstat_pgmajfault", &many)], &[("node_vmstat_pgmajfault", &few)]);
    let kills = "increase(node_vmstat_oom_kill[10m]) > 0";
    let (one_killed, none) = (|minute: f64| f64::from(u8::from(minute > 145.0)), constant(3.0));
    tells_apart(kills, &[("node_vmstat_oom_kill", &one_killed)], &[("node_vmstat_oom_kill", &none)]);
}

#[test]
fn a_disk_that_cannot_keep_up() {
    let (waiting, calm) = (growing(60.0 * 15.0), growing(60.0));
    let name = r#"node_disk_io_time_weighted_seconds_total{device="vda"}"#;
    let expr =
        r#"rate(node_disk_io_time_weighted_seconds_total{device=~"(nvme|sd|vd|xvd|dm-|md).+"}[5m]) > 10"#;
    tells_apart(expr, &[(name, &waiting)], &[(name, &calm)]);
}

#[test]
fn a_clock_that_is_wrong() {
    let (off, right) = (|minute: f64| 0.06 + minute * 1e-4, constant(0.001));
    let skew = "node_timex_offset_seconds > 0.05 and deriv(node_timex_offset_seconds[5m]) >= 0 \
                or node_timex_offset_seconds < -0.05 and deriv(node_timex_offset_seconds[5m]) <= 0";
    let store = told(&[("node_timex_offset_seconds", &off)]);
    assert!(!evaluate(&store, skew, END).value.elements().is_empty());
    let store = told(&[("node_timex_offset_seconds", &right)]);
    assert!(evaluate(&store, skew, END).value.elements().is_empty());
    let (unsynced, synced, far, near) = (constant(0.0), constant(1.0), constant(17.0), constant(1.0));
    tells_apart(
        "min_over_time(node_timex_sync_status[5m]) == 0 and node_timex_maxerror_seconds >= 16",
        &[("node_timex_sync_status", &unsynced), ("node_timex_maxerror_seconds", &far)],
        &[("node_timex_sync_status", &synced), ("node_timex_maxerror_seconds", &near)],
    );
}

#[test]
fn a_node_that_was_started_again() {
    let now = |minute: f64| 1e9 + minute * 60.0;
    let (just_now, long_ago) = (constant(1e9 + 148.0 * 60.0), constant(1e9 - 1e6));
    let expr = "node_time_seconds - node_boot_time_seconds < 600";
    tells_apart(
        expr,
        &[("node_time_seconds", &now), ("node_boot_time_seconds", &just_now)],
        &[("node_time_seconds", &now), ("node_boot_time_seconds", &long_ago)],
    );
}

#[test]
fn a_target_that_is_down_and_one_that_is_gone() {
    let (down, up) = (constant(0.0), constant(1.0));
    tells_apart("up{job=\"node\"} == 0", &[("up{job=\"node\"}", &down)], &[("up{job=\"node\"}", &up)]);
    let gone = evaluate(&told(&[("up{job=\"other\"}", &up)]), "absent(up{job=\"node\"})", END);
    assert_eq!(gone.value.elements().len(), 1);
    assert_eq!(gone.empty_selectors, [""; 0], "to find nothing is what absent() is for");
    let later = Timestamp::from_millis((END + 6) * 60_000);
    let store = told(&[("up{job=\"node\"}", &up)]);
    store.append("host", later, &[]);
    assert_eq!(evaluate(&store, "absent(up{job=\"node\"})", END + 6).value.elements().len(), 1);
}
