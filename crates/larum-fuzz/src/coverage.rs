//! Which edges of our code a run went over, as LLVM counts them (LLVM, "SanitizerCoverage", *Inline 8bit-counters*). Without
//! instrumentation there are none.

use std::sync::Mutex;

/// Where the counters lie: one range for each object, as it is loaded.
static COUNTERS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Called by each instrumented object once it is loaded, with where its counters begin and end.
#[expect(unsafe_code, reason = "LLVM calls it by this name")]
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, end: *mut u8) {
    let range = (start as usize, end as usize);
    if let Ok(mut counters) = COUNTERS.lock()
        && range.0 < range.1
        && !counters.contains(&range)
    {
        counters.push(range);
    }
}

/// Takes the counters of one run, and sets them to nothing: `each` hears the number of each edge that was gone over, and
/// how often, as one of eight.
pub fn take(mut each: impl FnMut(usize, u8)) {
    let Ok(ranges) = COUNTERS.lock() else { return };
    let mut number = 0;
    for (start, end) in ranges.iter() {
        for address in *start..*end {
            let counter = address as *mut u8;
            #[expect(
                unsafe_code,
                reason = "LLVM gave these addresses; they are bytes that live as long as the process"
            )]
            // SAFETY: within the range that its object registered; another thread that counts at the same time can
            // only make a count wrong.
            let count = unsafe { std::ptr::replace(counter, 0) };
            if count > 0 {
                each(number, bucket(count));
            }
            number += 1;
        }
    }
}

/// Whether anything is counted at all.
pub fn is_there() -> bool {
    COUNTERS.lock().is_ok_and(|counters| !counters.is_empty())
}

/// Once, twice, three times, more: how often exactly is seldom anything new.
fn bucket(count: u8) -> u8 {
    match count {
        0..=3 => count,
        4..=7 => 4,
        8..=15 => 5,
        16..=127 => 6,
        _ => 7,
    }
}
