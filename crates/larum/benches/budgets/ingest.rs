//! Taking alerts in: each POST is on disk before it is answered.

use jiff::Timestamp;

use crate::alerts::{bodies, post};
use crate::figure::FiguresOf;
use crate::process::cpu_seconds;
use crate::target::Target;

const ALERTS: usize = 100_000;
const PER_GROUP: usize = 100;

pub async fn measure(target: &Target, figures: &mut FiguresOf<'_>) {
    #[expect(clippy::disallowed_methods, reason = "a sender's clock")]
    let since = Timestamp::now();
    let rounds = [
        ("CPU seconds to take in 100k new alerts, 64 a POST", "0.9"),
        ("CPU seconds to take in 100k alerts that are sent again", "0.5"),
    ];
    for (round, (what, budget)) in (0..).zip(rounds) {
        let bodies = bodies(ALERTS, PER_GROUP, since, round);
        let before = cpu_seconds(target.id());
        post(target, bodies).await;
        figures.note(what, budget, cpu_seconds(target.id()) - before);
    }
}
