//! File descriptors, pressure, and what the system calls itself.

use super::{CollectError, HostPaths, Readings, malformed, read};

pub(super) fn file_descriptors(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let path = paths.proc.join("sys/fs/file-nr");
    let text = read(&path)?;
    let numbers: Vec<f64> = text.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [allocated, _, maximum] = numbers[..] else {
        return Err(malformed(&path, "it has not three numbers"));
    };
    out.add("node_filefd_allocated", &[], allocated);
    out.add("node_filefd_maximum", &[], maximum);
    Ok(())
}

/// Files of `/proc/pressure`, and what node_exporter calls their lines `some` and `full`.
const PRESSURES: [(&str, Option<&str>, Option<&str>); 4] = [
    ("cpu", Some("node_pressure_cpu_waiting_seconds_total"), None),
    ("io", Some("node_pressure_io_waiting_seconds_total"), Some("node_pressure_io_stalled_seconds_total")),
    (
        "memory",
        Some("node_pressure_memory_waiting_seconds_total"),
        Some("node_pressure_memory_stalled_seconds_total"),
    ),
    ("irq", None, Some("node_pressure_irq_stalled_seconds_total")),
];

pub(super) fn pressure(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    for (file, some, full) in PRESSURES {
        let path = paths.proc.join("pressure").join(file);
        let text = match read(&path) {
            Ok(text) => text,
            // Kernels before 6.1 do not tell about interrupts.
            Err(_) if file == "irq" => continue,
            Err(error) => return Err(error),
        };
        for (line, name) in [("some", some), ("full", full)] {
            let Some(name) = name else { continue };
            let Some(line) = text.lines().find(|text| text.starts_with(line)) else { continue };
            let micros = line.rsplit_once("total=").and_then(|(_, total)| total.trim().parse::<f64>().ok());
            let micros = micros.ok_or_else(|| malformed(&path, "a line has no total"))?;
            out.add(name, &[], micros / 1e6);
        }
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "it has the shape of every part")]
pub(super) fn uname(_: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let name = rustix::system::uname();
    let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    let labels = [
        ("sysname", text(name.sysname())),
        ("release", text(name.release())),
        ("version", text(name.version())),
        ("machine", text(name.machine())),
        ("nodename", text(name.nodename())),
        ("domainname", text(name.domainname())),
    ];
    let labels: Vec<(&str, &str)> = labels.iter().map(|(name, value)| (*name, value.as_str())).collect();
    out.add("node_uname_info", &labels, 1.0);
    Ok(())
}

/// The name the host has for itself.
pub(super) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
