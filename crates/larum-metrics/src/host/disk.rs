//! `/proc/diskstats`.

use procfs::{DiskStat, DiskStats, FromRead};

use super::{CollectError, HostPaths, Readings, malformed};

/// Bytes of a sector in `/proc/diskstats`, whatever the device's own are (Linux, `Documentation/admin-guide/iostats`).
const SECTOR: f64 = 512.0;

pub(super) fn diskstats(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("diskstats");
    let disks = DiskStats::from_file(&path).map_err(|error| malformed(&path, error.to_string()))?;
    for disk in disks.0.iter().filter(|disk| !is_left_out(&disk.name)) {
        add(disk, out);
    }
    Ok(())
}

/// Memory, loop and floppy devices and partitions are left out, as in node_exporter.
fn is_left_out(name: &str) -> bool {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() == name.len() {
        return false;
    }
    let partition_of = |prefix: &str| {
        let letters = bare.strip_prefix(prefix);
        letters.is_some_and(|letters| {
            !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase())
        })
    };
    // `nvme0n1p2`: a partition; `nvme0n1`: a disk.
    let nvme_partition = bare.starts_with("nvme") && bare.ends_with('p');
    ["ram", "zram", "loop", "fd"].contains(&bare)
        || ["hd", "sd", "vd", "xvd"].into_iter().any(partition_of)
        || nvme_partition
}

fn add(disk: &DiskStat, out: &mut Readings) {
    let seconds = |millis: u64| millis as f64 / 1000.0;
    let always = [
        ("node_disk_reads_completed_total", disk.reads as f64),
        ("node_disk_reads_merged_total", disk.merged as f64),
        ("node_disk_read_bytes_total", disk.sectors_read as f64 * SECTOR),
        ("node_disk_read_time_seconds_total", seconds(disk.time_reading)),
        ("node_disk_writes_completed_total", disk.writes as f64),
        ("node_disk_writes_merged_total", disk.writes_merged as f64),
        ("node_disk_written_bytes_total", disk.sectors_written as f64 * SECTOR),
        ("node_disk_write_time_seconds_total", seconds(disk.time_writing)),
        ("node_disk_io_now", disk.in_progress as f64),
        ("node_disk_io_time_seconds_total", seconds(disk.time_in_progress)),
        ("node_disk_io_time_weighted_seconds_total", seconds(disk.weighted_time_in_progress)),
    ];
    let newer = [
        ("node_disk_discards_completed_total", disk.discards.map(|count| count as f64)),
        ("node_disk_discards_merged_total", disk.discards_merged.map(|count| count as f64)),
        ("node_disk_discarded_sectors_total", disk.sectors_discarded.map(|count| count as f64)),
        ("node_disk_discard_time_seconds_total", disk.time_discarding.map(seconds)),
        ("node_disk_flush_requests_total", disk.flushes.map(|count| count as f64)),
        ("node_disk_flush_requests_time_seconds_total", disk.time_flushing.map(seconds)),
    ];
    let newer = newer.into_iter().filter_map(|(name, value)| Some((name, value?)));
    for (name, value) in always.into_iter().chain(newer) {
        out.add(name, &[("device", &disk.name)], value);
    }
}

#[cfg(test)]
mod tests {
    use super::is_left_out;

    #[test]
    fn disks_stay_and_partitions_go() {
        for disk in ["sda", "vda", "nvme0n1", "xvdb", "dm-0", "md127", "mmcblk0", "sr0", "zd16"] {
            assert!(!is_left_out(disk), "{disk}");
        }
        for other in ["sda1", "vdb12", "nvme0n1p2", "loop7", "ram0", "zram0", "fd0", "xvda1", "hda2"] {
            assert!(is_left_out(other), "{other}");
        }
    }
}
