//! Holding alerts that were told, and answering questions about them.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::alerts::{bodies, post};
use crate::figure::FiguresOf;
use crate::process::{cpu_seconds, resident_bytes};
use crate::target::Target;

const ALERTS: usize = 100_000;
const PER_GROUP: usize = 100;

pub async fn measure(target: &Target, figures: &mut FiguresOf<'_>) {
    #[expect(clippy::disallowed_methods, reason = "a sender's clock")]
    let since = Timestamp::now();
    let empty = resident_bytes(target.id());
    post(target, bodies(ALERTS, PER_GROUP, since, 0)).await;
    target.wait_for_messages(ALERTS / PER_GROUP).await;
    let held = resident_bytes(target.id()) - empty;
    figures.note("bytes of memory an active alert, 8 labels, 3 annotations", "1100", held / ALERTS as f64);

    let all = median_millis(target, 5, |_| "/api/v2/alerts".to_owned(), ALERTS).await;
    figures.note("ms, GET of 100k alerts", "400", all);
    let one =
        |n| format!("/api/v2/alerts?filter=namespace%3D%22team-{:05}%22", (n * 37) % (ALERTS / PER_GROUP));
    let before = cpu_seconds(target.id());
    let filtered = median_millis(target, 60, one, PER_GROUP).await;
    figures.note("ms, GET filtered to 100 of 100k alerts", "5", filtered);
    let cpu = (cpu_seconds(target.id()) - before) / 60.0 * 1000.0;
    figures.note("CPU ms, the same", "", cpu);
}

/// The middle of how long so many questions took, in milliseconds; each is answered with at least
/// `expected` alerts: Larum has some of its own.
async fn median_millis(
    target: &Target,
    times: usize,
    path: impl Fn(usize) -> String,
    expected: usize,
) -> f64 {
    let mut took = Vec::new();
    for n in 0..times {
        let request = target.get(&path(n)).timeout(Duration::from_secs(120));
        #[expect(clippy::disallowed_methods, reason = "this is what is measured")]
        let begun = Instant::now();
        let answer = request.send().await.expect("it answers").bytes().await.expect("it can be read");
        took.push(begun.elapsed());
        let found = answer.windows(13).filter(|window| window == b"\"fingerprint\"").count();
        assert!(found >= expected, "{found} of {expected}: {}", path(n));
    }
    took.sort_unstable();
    took[times / 2].as_secs_f64() * 1000.0
}
