//! Network interfaces and connection tracking.

use std::fs;

use procfs::FromRead;
use procfs::net::{DeviceStatus, InterfaceDeviceStatus};

use super::{CollectError, HostPaths, Readings, flag, malformed, read, read_number};

pub(super) fn devices(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("net/dev");
    let devices =
        InterfaceDeviceStatus::from_file(&path).map_err(|error| malformed(&path, error.to_string()))?;
    for device in devices.0.values() {
        add(device, out);
    }
    Ok(())
}

fn add(device: &DeviceStatus, out: &mut Readings) {
    let counters = [
        ("receive_bytes", device.recv_bytes),
        ("receive_packets", device.recv_packets),
        ("receive_errs", device.recv_errs),
        ("receive_drop", device.recv_drop),
        ("receive_fifo", device.recv_fifo),
        ("receive_frame", device.recv_frame),
        ("receive_compressed", device.recv_compressed),
        ("receive_multicast", device.recv_multicast),
        ("transmit_bytes", device.sent_bytes),
        ("transmit_packets", device.sent_packets),
        ("transmit_errs", device.sent_errs),
        ("transmit_drop", device.sent_drop),
        ("transmit_fifo", device.sent_fifo),
        ("transmit_colls", device.sent_colls),
        ("transmit_carrier", device.sent_carrier),
        ("transmit_compressed", device.sent_compressed),
    ];
    for (name, count) in counters {
        out.add(&format!("node_network_{name}_total"), &[("device", &device.name)], count as f64);
    }
}

/// Files of `/sys/class/net/*`, what node_exporter calls them, and what one of them is worth in its unit.
const NUMBERS: [(&str, &str, f64); 4] = [
    ("carrier", "node_network_carrier", 1.0),
    ("carrier_changes", "node_network_carrier_changes_total", 1.0),
    ("mtu", "node_network_mtu_bytes", 1.0),
    // Megabits a second become bytes a second.
    ("speed", "node_network_speed_bytes", 125_000.0),
];

pub(super) fn classes(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.sys.join("class/net");
    let folders = fs::read_dir(&path).map_err(|error| CollectError::Read { path: path.clone(), error })?;
    for folder in folders.flatten() {
        let name = folder.file_name();
        // Not every entry is an interface: with bonding there is a file.
        let (Some(device), true) = (name.to_str(), folder.path().is_dir()) else { continue };
        let Ok(state) = read(&folder.path().join("operstate")) else { continue };
        out.add("node_network_up", &[("device", device)], flag(state.trim() == "up"));
        for (file, name, unit) in NUMBERS {
            // Reading some of them fails while an interface is down, and an unknown speed is -1: nothing to tell.
            if let Some(number) = read_number(&folder.path().join(file)).ok().filter(|number| *number >= 0.0)
            {
                out.add(name, &[("device", device)], number * unit);
            }
        }
    }
    Ok(())
}

pub(super) fn conntrack(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let folder = paths.proc.join("sys/net/netfilter");
    let entries = read_number(&folder.join("nf_conntrack_count"))?;
    let limit = read_number(&folder.join("nf_conntrack_max"))?;
    out.add("node_nf_conntrack_entries", &[], entries);
    out.add("node_nf_conntrack_entries_limit", &[], limit);
    Ok(())
}
