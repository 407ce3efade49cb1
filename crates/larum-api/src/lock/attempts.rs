//! How often somebody may try to log in.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::{Code, Problem};

/// Attempts with one name from one address that may follow one another at once.
const BURST: NonZeroU32 = NonZeroU32::new(6).expect("not zero");
/// After how long another one is allowed.
const REFILL: Duration = Duration::from_secs(20);
/// Attempts from one address, whatever the name, that may follow one another at once.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// After how long another one is allowed.
const ADDRESS_REFILL: Duration = Duration::from_secs(2);
/// Above this many remembered keys, those that do not count any more are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts attempts to log in, by name and address, and by address alone.
#[derive(Debug)]
pub struct Attempts {
    by_name: DefaultKeyedRateLimiter<(String, Option<IpAddr>)>,
    by_address: DefaultKeyedRateLimiter<Option<IpAddr>>,
}

impl Default for Attempts {
    fn default() -> Self {
        let quota = |refill, burst| Quota::with_period(refill).expect("not zero").allow_burst(burst);
        Self {
            by_name: RateLimiter::keyed(quota(REFILL, BURST)),
            by_address: RateLimiter::keyed(quota(ADDRESS_REFILL, ADDRESS_BURST)),
        }
    }
}

impl Attempts {
    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Problem`] 429 with `Retry-After` if it is one too many.
    pub fn count(&self, name: &str, from: Option<IpAddr>) -> Result<(), Problem> {
        self.forget();
        let from = from.map(network);
        let name: String = name.trim().to_ascii_lowercase().chars().take(64).collect();
        let by_address = self.by_address.check_key(&from);
        let result = by_address.and_then(|()| self.by_name.check_key(&(name, from)));
        result.map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let words = format!("Too many attempts to log in. Wait {wait} seconds and try again.");
            Problem::new(Code::TooManyAttempts, words).retry_after(wait)
        })
    }

    fn forget(&self) {
        if self.by_name.len() > REMEMBERED {
            self.by_name.retain_recent();
        }
        if self.by_address.len() > REMEMBERED {
            self.by_address.retain_recent();
        }
    }
}

/// One household of IPv6 has 2^64 addresses (RFC 4291, section 2.5.1): they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slow_for_one_name_and_leaves_the_others_alone() {
        let attempts = Attempts::default();
        let here: Option<IpAddr> = Some([10, 0, 0, 1].into());
        for _ in 0..BURST.get() {
            attempts.count("Ada", here).unwrap();
        }
        assert!(attempts.count(" ada ", here).is_err());
        attempts.count("grace", here).unwrap();
        attempts.count("ada", Some([10, 0, 0, 2].into())).unwrap();
    }

    #[test]
    fn guessing_names_is_slow_for_one_address() {
        let attempts = Attempts::default();
        let address = |last: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]));
        for number in 0..30 {
            attempts.count(&number.to_string(), address(number)).unwrap();
        }
        assert!(attempts.count("another", address(77)).is_err());
    }
}
