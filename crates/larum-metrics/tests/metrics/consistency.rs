//! The store answers as a plain list of the same series does.

use larum_core::matcher::{MatchOp, Matcher};
use larum_metrics::{Reading, Store, StoreOptions};
use larum_promql::{Options, Querier, Query, Series, SeriesList};

use super::support::{at, reading};

#[test]
fn expressions_over_the_store_and_over_a_list_agree() {
    let store = Store::new(StoreOptions {
        retention: std::time::Duration::from_secs(1 << 24),
        ..StoreOptions::default()
    });
    for minute in 0..700 {
        let m = minute as f64;
        let mut batch: Vec<Reading> =
            (0..5).map(|n| reading(&format!("c{{n={n},half={}}}", n % 2), m * 10.0 * f64::from(n))).collect();
        batch.push(reading("g", (m / 7.0).sin()));
        if minute % 50 < 30 {
            batch.push(reading("sometimes", m));
        }
        store.append("s", at(minute), &batch);
    }
    let all = [Matcher::new("__name__", MatchOp::Regexp, ".+").unwrap()];
    let list = SeriesList(store.select(&all, at(-1), at(9999)).unwrap());
    assert_eq!(
        list.0.iter().map(|series: &Series| series.samples.len()).sum::<usize>(),
        700 * 6 + 14 * 30 + 14
    );
    for text in [
        "c",
        "g",
        "sometimes",
        "c offset 200m",
        "sum by (half) (rate(c[10m]))",
        "deriv(g[9h])",
        "c{n=~\"1|2\"}",
        "c{n!=\"1\",half=\"1\"}",
        "count_over_time(sometimes[5h])",
        "absent(sometimes)",
        "max_over_time(rate(c[5m])[2h:7m])",
        "{half=\"0\"}",
        "c - on(n, half) c offset 6h",
        "g @ 0",
        "last_over_time(sometimes[40m])",
    ] {
        let query = Query::parse(text).unwrap();
        for minute in [0, 3, 31, 239, 240, 241, 479, 480, 649, 690, 699, 703, 704, 720] {
            let show = |source: &dyn Querier| {
                let evaluation = query.instant(source, at(minute), &Options::default()).unwrap();
                let show = |element: &larum_promql::Element| format!("{} {}", element.labels, element.value);
                let mut shown: Vec<String> = evaluation.value.elements().iter().map(show).collect();
                shown.sort();
                (shown, evaluation.empty_selectors)
            };
            assert_eq!(show(&store), show(&list), "{text} at minute {minute}");
        }
    }
}
