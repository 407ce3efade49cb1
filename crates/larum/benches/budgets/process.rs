//! What the kernel says of a process (proc(5): `/proc/[pid]/stat`, `/proc/[pid]/status`).

/// Ticks of CPU time in a second, as Linux reports them to programs.
const TICKS: f64 = 100.0;

/// CPU seconds that a process has used so far, in user and kernel mode.
pub fn cpu_seconds(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    // The name in brackets may contain anything; what follows is counted from there.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 =
        fields[11..13].iter().map(|field| field.parse::<f64>().expect("a number of ticks")).sum();
    ticks / TICKS
}

/// Bytes of memory that a process holds now.
pub fn resident_bytes(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number of kB") * 1024.0
}
