//! What the kernel says of this process (proc(5)).

/// Ticks of CPU time in a second, as Linux reports them to programs.
const TICKS: f64 = 100.0;
/// Bytes of a page of memory, as on every machine that this is measured on.
const PAGE: f64 = 4096.0;

/// CPU seconds that it has used so far.
pub fn cpu_seconds() -> f64 {
    let stat = procfs::process::Process::myself().and_then(|process| process.stat()).expect("it runs");
    (stat.utime + stat.stime) as f64 / TICKS
}

/// Bytes of memory that it holds now.
pub fn resident_bytes() -> f64 {
    let memory = procfs::process::Process::myself().and_then(|process| process.statm()).expect("it runs");
    memory.resident as f64 * PAGE
}
