//! `/proc/stat` and `/proc/loadavg`.

use super::{CollectError, HostPaths, Readings, malformed, read};

/// Clock ticks of `/proc/stat` a second: 100 on every architecture that Linux runs on today (`USER_HZ`).
const TICKS: f64 = 100.0;
/// The columns behind `cpuN`, without the two of guests (proc(5), `/proc/stat`).
const MODES: [&str; 8] = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
const GUEST_MODES: [&str; 2] = ["user", "nice"];

pub(super) fn cpu(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("stat");
    for line in read(&path)?.lines() {
        let mut words = line.split_ascii_whitespace();
        let number =
            words.next().and_then(|word| word.strip_prefix("cpu")).filter(|number| !number.is_empty());
        let Some(number) = number else { continue };
        let ticks: Vec<f64> = words.map_while(|word| word.parse().ok()).collect();
        if ticks.len() < 4 {
            return Err(malformed(&path, format!("cpu{number} has too few columns")));
        }
        for (mode, ticks) in MODES.iter().zip(&ticks) {
            out.add("node_cpu_seconds_total", &[("cpu", number), ("mode", mode)], ticks / TICKS);
        }
        for (mode, ticks) in GUEST_MODES.iter().zip(ticks.iter().skip(MODES.len())) {
            out.add("node_cpu_guest_seconds_total", &[("cpu", number), ("mode", mode)], ticks / TICKS);
        }
    }
    Ok(())
}

/// Lines of `/proc/stat` and what node_exporter calls their first number.
const COUNTERS: [(&str, &str); 6] = [
    ("intr", "node_intr_total"),
    ("ctxt", "node_context_switches_total"),
    ("btime", "node_boot_time_seconds"),
    ("processes", "node_forks_total"),
    ("procs_running", "node_procs_running"),
    ("procs_blocked", "node_procs_blocked"),
];

pub(super) fn stat(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("stat");
    let text = read(&path)?;
    for (key, name) in COUNTERS {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let Some(line) = line else { continue };
        let number = line.split_ascii_whitespace().next().and_then(|number| number.parse().ok());
        out.add(name, &[], number.ok_or_else(|| malformed(&path, format!("{key} has no number")))?);
    }
    Ok(())
}

pub(super) fn load(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("loadavg");
    let text = read(&path)?;
    let numbers: Vec<f64> =
        text.split_ascii_whitespace().take(3).filter_map(|word| word.parse().ok()).collect();
    let [one, five, fifteen] = numbers[..] else { return Err(malformed(&path, "it has not three numbers")) };
    out.add("node_load1", &[], one);
    out.add("node_load5", &[], five);
    out.add("node_load15", &[], fifteen);
    Ok(())
}
