//! What the kernel says of a process and of the machine (proc(5): `/proc/[pid]/stat`, `/proc/[pid]/status`,
//! `/proc/stat`).

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// CPU seconds that a process has used so far, in user and kernel mode, with all its threads.
///
/// # Errors
/// When there is no such process.
pub fn cpu_seconds(id: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).with_context(|| format!("{id} has ended"))?;
    ticks_of(&stat).map(seconds).context("the kernel says how much CPU time a process used")
}

/// User and kernel ticks: fields 14 and 15, counted from behind the name, which may contain anything.
fn ticks_of(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: Vec<f64> =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum())
}

/// Bytes of memory that a process holds now.
///
/// # Errors
/// When there is no such process.
pub fn resident_bytes(id: u32) -> Result<f64> {
    let status =
        fs::read_to_string(format!("/proc/{id}/status")).with_context(|| format!("{id} has ended"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("it is about to end")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}

/// For how long this thread could have run and waited for a processor, since it began; nothing where the kernel does not
/// count it (Linux, "Scheduler Statistics": `/proc/<pid>/schedstat`).
pub fn kept_waiting() -> Duration {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = statistics.split_whitespace().nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(waited.unwrap_or_default())
}

/// CPU seconds that the whole machine has used since it started: all but idling and waiting for disks.
///
/// # Errors
/// When the kernel does not say it.
pub fn machine_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let first = stat.lines().next().context("/proc/stat has lines")?;
    let fields = first.split_whitespace().skip(1).take(8).map(str::parse::<f64>).enumerate();
    let busy = fields.filter(|(nth, _)| *nth != 3 && *nth != 4).map(|(_, ticks)| ticks);
    Ok(seconds(busy.sum::<Result<f64, _>>()?))
}

fn seconds(ticks: f64) -> f64 {
    ticks / rustix::param::clock_ticks_per_second() as f64
}

/// Lets this process, and what it starts, have as many connections as the system allows.
pub fn take_all_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // With fewer, whatever needs more says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 12 0 0 0 150 50 0 0 20 0 9 0 100";
        assert_eq!(ticks_of(stat), Some(200.0));
        assert_eq!(ticks_of("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_uses_time_and_memory() {
        let own = std::process::id();
        assert!(resident_bytes(own).expect("it runs") > 1e5);
        assert!(cpu_seconds(own).expect("it runs") <= machine_seconds().expect("it is a Linux"));
    }
}
