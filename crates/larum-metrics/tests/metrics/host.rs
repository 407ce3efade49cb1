//! The collector: over a host that is written down, and over the one this runs on.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use larum_core::label::METRIC_NAME;
use larum_metrics::{Collection, HostCollector, HostPaths, Store};

use super::support::{at, evaluate};

fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A host with known numbers.
fn written_host(root: &Path) -> HostCollector {
    write(
        root,
        "proc/stat",
        "cpu  30 0 0 0\ncpu0 123 4 56 7890 12 3 4 5 6 7\ncpu2 1 2 3 4\nintr 999 1 2\nctxt 5000\nbtime 1700000000\nprocesses 77\nprocs_running 3\nprocs_blocked 1\n",
    );
    write(root, "proc/loadavg", "1.23 4.56 7.89 2/345 6789\n");
    write(
        root,
        "proc/meminfo",
        "MemTotal:       1000 kB\nMemAvailable:    250 kB\nActive(anon):     10 kB\nHugePages_Total:   4\n",
    );
    write(
        root,
        "proc/vmstat",
        "pgpgin 11\npgmajfault 22\noom_kill 3\npgscan_kswapd 9\npswpin 4\nnr_free_pages 5\n",
    );
    write(
        root,
        "proc/diskstats",
        " 8 0 sda 10 1 200 30 40 2 500 60 1 700 800\n 8 1 sda1 1 1 1 1 1 1 1 1 1 1 1\n",
    );
    write(
        root,
        "proc/net/dev",
        "Inter-| Receive | Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed\n  eth0: 1000 10 1 2 0 0 0 5 2000 20 3 4 0 0 0 0\n",
    );
    write(root, "proc/sys/fs/file-nr", "1024\t0\t4096\n");
    write(root, "proc/sys/net/netfilter/nf_conntrack_count", "75\n");
    write(root, "proc/sys/net/netfilter/nf_conntrack_max", "100\n");
    write(
        root,
        "proc/pressure/cpu",
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    );
    write(
        root,
        "proc/pressure/io",
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=500000\n",
    );
    write(
        root,
        "proc/self/mounts",
        "/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nserver:/x /mnt/x nfs4 rw 0 0\n/dev/sdb /my\\040disk ext4 ro,relatime 0 0\n",
    );
    write(root, "sys/class/net/eth0/operstate", "up\n");
    write(root, "sys/class/net/eth0/speed", "1000\n");
    write(root, "sys/class/net/eth0/mtu", "1500\n");
    write(root, "sys/class/net/lo/operstate", "unknown\n");
    let paths = HostPaths { proc: root.join("proc"), sys: root.join("sys"), root: "/".into() };
    HostCollector::new(paths).named("box")
}

fn value(collection: &Collection, expr: &str) -> Vec<f64> {
    let store = Store::default();
    store.append("host", at(0), &collection.readings);
    evaluate(&store, expr, 0).value.elements().iter().map(|element| element.value).collect()
}

#[test]
fn names_and_units_are_node_exporters() {
    let root = tempfile::tempdir().unwrap();
    let collection = written_host(root.path()).collect(at(0));
    for (expr, expected) in [
        (r#"node_cpu_seconds_total{cpu="0",mode="idle"}"#, 78.9),
        (r#"node_cpu_seconds_total{cpu="0",mode="steal"}"#, 0.05),
        (r#"node_cpu_seconds_total{cpu="2",mode="user"}"#, 0.01),
        (r#"node_cpu_guest_seconds_total{cpu="0",mode="nice"}"#, 0.07),
        ("node_load1", 1.23),
        ("node_load15", 7.89),
        ("node_intr_total", 999.0),
        ("node_context_switches_total", 5000.0),
        ("node_boot_time_seconds", 1_700_000_000.0),
        ("node_forks_total", 77.0),
        ("node_procs_running", 3.0),
        ("node_procs_blocked", 1.0),
        ("node_memory_MemTotal_bytes", 1_024_000.0),
        ("node_memory_Active_anon_bytes", 10_240.0),
        ("node_memory_HugePages_Total", 4.0),
        ("node_vmstat_pgmajfault", 22.0),
        ("node_vmstat_oom_kill", 3.0),
        (r#"node_disk_read_bytes_total{device="sda"}"#, 102_400.0),
        (r#"node_disk_written_bytes_total{device="sda"}"#, 256_000.0),
        ("node_disk_io_time_weighted_seconds_total", 0.8),
        ("node_disk_io_now", 1.0),
        (r#"node_network_receive_bytes_total{device="eth0"}"#, 1000.0),
        (r#"node_network_transmit_errs_total{device="eth0"}"#, 3.0),
        (r#"node_network_up{device="eth0"}"#, 1.0),
        (r#"node_network_up{device="lo"}"#, 0.0),
        (r#"node_network_speed_bytes{device="eth0"}"#, 125_000_000.0),
        ("node_filefd_allocated", 1024.0),
        ("node_filefd_maximum", 4096.0),
        ("node_nf_conntrack_entries / node_nf_conntrack_entries_limit", 0.75),
        ("node_pressure_cpu_waiting_seconds_total", 1.5),
        ("node_pressure_io_stalled_seconds_total", 0.5),
        (r#"node_filesystem_readonly{mountpoint="/"}"#, 0.0),
        (r#"node_filesystem_readonly{mountpoint="/my disk"}"#, 1.0),
        (r#"node_filesystem_device_error{mountpoint="/my disk"}"#, 1.0),
        ("node_time_seconds", 0.0),
        ("node_uname_info", 1.0),
    ] {
        assert_eq!(value(&collection, expr), [expected], "{expr}");
    }
}

#[test]
fn what_is_no_news_is_left_out() {
    let root = tempfile::tempdir().unwrap();
    let collection = written_host(root.path()).collect(at(0));
    for expr in [
        r#"node_disk_reads_completed_total{device="sda1"}"#,
        r#"node_filesystem_readonly{fstype="nfs4"}"#,
        r#"node_filesystem_readonly{fstype="proc"}"#,
        "node_vmstat_nr_free_pages",
        "node_vmstat_pgscan_kswapd",
    ] {
        assert_eq!(value(&collection, expr), [0.0; 0], "{expr}");
    }
}

#[test]
fn a_part_that_cannot_be_read_is_told_and_the_others_are_there() {
    let root = tempfile::tempdir().unwrap();
    let host = written_host(root.path());
    write(root.path(), "proc/loadavg", "garbage");
    fs::remove_dir_all(root.path().join("proc/pressure")).unwrap();
    let collection = host.collect(at(0));
    let failed: Vec<_> = collection.failures.iter().map(|failure| (failure.part, failure.absent)).collect();
    assert_eq!(failed, [("loadavg", false), ("mdadm", true), ("pressure", true)]);
    assert!(
        collection.failures[0].reason.contains("loadavg: it has not three numbers"),
        "{:?}",
        collection.failures
    );
    assert_eq!(value(&collection, r#"node_scrape_collector_success{collector="loadavg"}"#), [0.0]);
    assert_eq!(value(&collection, r#"node_scrape_collector_success{collector="cpu"}"#), [1.0]);
    assert_eq!(value(&collection, "node_load1"), [0.0; 0]);
    assert_eq!(value(&collection, "node_filefd_allocated"), [1024.0]);
}

#[test]
fn one_odd_mount_does_not_hide_the_others() {
    let root = tempfile::tempdir().unwrap();
    let host = written_host(root.path());
    let odd = root.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&odd).unwrap();
    let mut mounts = b"/dev/sda1 / ext4 rw 0 0\nno mount\n".to_vec();
    mounts.extend([b"/dev/sdb ".as_slice(), odd.as_os_str().as_bytes(), b" ext4 rw 0 0\n"].concat());
    mounts.extend([b" ".as_slice(), root.path().as_os_str().as_bytes(), b" tmpfs rw 0 0\n"].concat());
    write(root.path(), "proc/self/mounts", mounts);
    let collection = host.collect(at(0));
    let shown = format!("{}/caf\u{fffd}", root.path().display());
    for mountpoint in ["/", &shown, root.path().to_str().unwrap()] {
        let error = format!("node_filesystem_device_error{{mountpoint={mountpoint:?}}}");
        assert_eq!(value(&collection, &error), [0.0], "{mountpoint}");
    }
    assert_eq!(value(&collection, r#"node_scrape_collector_success{collector="filesystem"}"#), [1.0]);
}

#[test]
fn what_hangs_when_another_process_does_is_not_asked() {
    let root = tempfile::tempdir().unwrap();
    let host = written_host(root.path());
    write(
        root.path(),
        "proc/self/mounts",
        "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /ntfs fuseblk rw 0 0\nx /fuse fuse rw 0 0\n\
         server:/x /mnt/x nfs4 rw 0 0\ntmpfs /mnt/x/below tmpfs rw 0 0\n\
         server:/y /mnt/y nfs4 rw 0 0\n/dev/sdc1 /mnt/y ext4 rw 0 0\n",
    );
    let collection = host.collect(at(0));
    let asked = collection.readings.iter().filter(|reading| reading.name() == "node_filesystem_readonly");
    let asked: BTreeSet<&str> = asked.map(|reading| reading.labels.value("mountpoint")).collect();
    assert_eq!(asked, BTreeSet::from(["/", "/mnt/y"]));
}

#[test]
fn a_host_that_shows_nothing_is_no_panic() {
    let root = tempfile::tempdir().unwrap();
    let paths = HostPaths { proc: root.path().join("none"), sys: root.path().join("none"), root: "/".into() };
    let collection = HostCollector::new(paths).collect(at(0));
    assert_eq!(collection.failures.len(), 13);
    for garbage in ["", "\0\0\0", "cpu0\nintr\nctxt x\n", "a b c d e f\n1 2 3 4 5 6 7 8 9 10 11 12 13 14\n"] {
        for file in [
            "stat",
            "loadavg",
            "meminfo",
            "vmstat",
            "diskstats",
            "net/dev",
            "sys/fs/file-nr",
            "self/mounts",
            "mdstat",
            "pressure/cpu",
        ] {
            write(root.path(), &format!("proc/{file}"), garbage);
        }
        let paths =
            HostPaths { proc: root.path().join("proc"), sys: root.path().join("sys"), root: "/".into() };
        let _ = HostCollector::new(paths).collect(at(0));
    }
}

#[test]
fn a_collection_looks_like_a_scrape_of_the_job_node() {
    let root = tempfile::tempdir().unwrap();
    let host = written_host(root.path());
    let collection = host.collect(at(0));
    let extra = host.scrape_readings(&collection, Duration::from_millis(250));
    let store = Store::default();
    store.append("host", at(0), &[collection.readings.clone(), extra].concat());
    let count = |expr: &str| evaluate(&store, expr, 0).value.elements()[0].value;
    assert_eq!(count(r#"up{job="node", instance="box", node="box"}"#), 1.0);
    assert_eq!(count("scrape_duration_seconds"), 0.25);
    assert_eq!(count("scrape_samples_scraped"), collection.readings.len() as f64);
    let labels: BTreeSet<_> = collection.readings.iter().map(|reading| &reading.labels).collect();
    assert_eq!(labels.len(), collection.readings.len(), "no series twice");
    assert!(labels.iter().all(|labels| labels.value("job") == "node" && labels.value("node") == "box"));
}

#[test]
fn this_host_has_what_every_linux_has() {
    let host = HostCollector::new(HostPaths::default());
    let collection = host.collect(at(29_000_000));
    assert!(!host.node().is_empty());
    let names: BTreeSet<&str> =
        collection.readings.iter().map(|reading| reading.labels.value(METRIC_NAME)).collect();
    for name in [
        "node_cpu_seconds_total",
        "node_load1",
        "node_memory_MemTotal_bytes",
        "node_memory_MemAvailable_bytes",
        "node_filesystem_avail_bytes",
        "node_filesystem_files_free",
        "node_boot_time_seconds",
        "node_uname_info",
        "node_filefd_allocated",
        "node_network_receive_bytes_total",
        "node_procs_running",
    ] {
        assert!(names.contains(name), "{name} is missing; {:?}", collection.failures);
    }
    let labels: BTreeSet<_> = collection.readings.iter().map(|reading| &reading.labels).collect();
    assert_eq!(labels.len(), collection.readings.len(), "no series twice");
    assert!(collection.readings.iter().all(|reading| reading.value.is_finite() && reading.value >= 0.0));
}
