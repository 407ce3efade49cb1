//! What the kernel knows of its clock (adjtimex(2)).

use super::{CollectError, HostPaths, Readings};

/// The answer that says that the clock is not synchronised (adjtimex(2), `TIME_ERROR`).
const TIME_ERROR: libc::c_int = 5;
const MICROS: f64 = 1e6;
const NANOS: f64 = 1e9;

pub(super) fn timex(_: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    let (state, clock) = ask()?;
    let unit = if clock.status & libc::STA_NANO == 0 { MICROS } else { NANOS };
    out.add("node_timex_offset_seconds", &[], clock.offset as f64 / unit);
    out.add("node_timex_maxerror_seconds", &[], clock.maxerror as f64 / MICROS);
    out.add("node_timex_estimated_error_seconds", &[], clock.esterror as f64 / MICROS);
    out.add("node_timex_status", &[], f64::from(clock.status));
    out.add("node_timex_sync_status", &[], f64::from(u8::from(state != TIME_ERROR)));
    // Parts per million with 16 fractional bits (adjtimex(2), `freq`).
    out.add("node_timex_frequency_adjustment_ratio", &[], 1.0 + clock.freq as f64 / 65536.0 / 1e6);
    Ok(())
}

/// The kernel's clock: its state and its parameters. Changes nothing, and needs no privileges.
#[expect(
    unsafe_code,
    reason = "the kernel's clock has no other door, and no crate has one for reading alone"
)]
fn ask() -> Result<(libc::c_int, libc::timex), CollectError> {
    // SAFETY: `timex` is plain numbers, for all of which zero is a value; with `modes` 0 the call only writes to it.
    let (state, clock) = unsafe {
        let mut clock: libc::timex = std::mem::zeroed();
        (libc::adjtimex(&raw mut clock), clock)
    };
    if state < 0 {
        return Err(CollectError::Read { path: "adjtimex".into(), error: std::io::Error::last_os_error() });
    }
    Ok((state, clock))
}
