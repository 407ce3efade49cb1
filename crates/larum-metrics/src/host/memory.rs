//! `/proc/meminfo` and `/proc/vmstat`.

use super::{CollectError, HostPaths, Readings, malformed, read};

pub(super) fn meminfo(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("meminfo");
    for line in read(&path)?.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(key), Some(number)) = (words.next(), words.next()) else { continue };
        let number: f64 = number.parse().map_err(|_| malformed(&path, format!("{key} has no number")))?;
        // `Active(anon):` is known as `Active_anon`.
        let key = key.trim_end_matches(':').replace('(', "_").replace(')', "");
        match words.next() {
            Some("kB") => out.add(&format!("node_memory_{key}_bytes"), &[], number * 1024.0),
            _ => out.add(&format!("node_memory_{key}"), &[], number),
        }
    }
    Ok(())
}

/// Whether node_exporter exposes this line by default: out-of-memory kills, paging, swapping and faults.
fn is_exposed(key: &str) -> bool {
    let paging = key.strip_prefix("pg").is_some_and(|rest| rest.contains("fault"));
    paging || ["oom_kill", "pgpg", "pswp"].iter().any(|prefix| key.starts_with(prefix))
}

pub(super) fn vmstat(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("vmstat");
    for line in read(&path)?.lines() {
        let Some((key, number)) = line.split_once(' ').filter(|(key, _)| is_exposed(key)) else { continue };
        let number = number.trim().parse().map_err(|_| malformed(&path, format!("{key} has no number")))?;
        out.add(&format!("node_vmstat_{key}"), &[], number);
    }
    Ok(())
}
