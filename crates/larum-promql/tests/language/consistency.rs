//! A range query is nothing but instants, whatever the expression.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_promql::{NameRemoval, Options, Query, Series, Span, Value};

use super::support::load;

const DATA: &str = r#"
    c{job="a", i="1"} 0+30x20 5+7x20
    c{job="a", i="2"} 1 2 _ 4 5 stale _ _ 8 9+1x30
    c{job="b", i="3"} _x12 3+2x10 NaN 4 _x6 100x3
    g{job="a"} 5 4 3 2 1 0 -1 -2 NaN 3 Inf 2x10 1-1x20
    g{job="b"} 7x40
    h{le="1"} 1+1x40
    h{le="2"} 2+3x40
    h{le="+Inf"} 4+5x40
"#;

const EXPRESSIONS: [&str; 34] = [
    "c",
    "c offset 3m",
    "c offset -2m",
    "c @ 600",
    "c @ start()",
    "sum(c) by (job)",
    "rate(c[5m])",
    "increase(c[90s])",
    "irate(c[5m] offset 1m)",
    "delta(g[4m])",
    "deriv(g[6m])",
    "predict_linear(g[6m] @ end(), 60)",
    "topk(1, c)",
    "quantile(0.3, c)",
    "count_values(\"v\", g)",
    "c / on(job) group_left g",
    "c and on(job) g > 2",
    "c or g",
    "c unless on(job) g < 0",
    "g > bool 1",
    "-g",
    "max_over_time(c[5m:1m])",
    "sum_over_time(rate(c[2m])[4m:30s])",
    "avg_over_time(sum(c)[6m:2m] offset 1m)",
    "min_over_time((c @ end())[3m:1m])",
    "absent(c{i=\"3\"})",
    "absent_over_time(c{i=\"3\"}[2m])",
    "timestamp(c)",
    "time() - minute()",
    "scalar(g{job=\"a\"}) + vector(time())",
    "histogram_quantile(0.7, h)",
    "histogram_quantile(0.7, rate(h[5m]))",
    "label_replace(c, \"k\", \"$1\", \"i\", \"(.)\")",
    "changes(c[10m]) + resets(c[10m])",
];

type Shown = BTreeMap<String, Vec<(i64, u64)>>;

fn show(series: &[Series]) -> Shown {
    let show = |series: &Series| {
        let samples =
            series.samples.iter().map(|sample| (sample.at.as_millis(), sample.value.to_bits())).collect();
        (series.labels.to_string(), samples)
    };
    series.iter().map(show).collect()
}

#[test]
fn a_range_query_is_the_instants_it_steps_through() {
    let data = load(DATA);
    let (start, end, step) = (5 * 60_000, 30 * 60_000, 45_000);
    for name_removal in [NameRemoval::AtOnce, NameRemoval::AtTheEnd] {
        let options = Options { name_removal, ..Options::default() };
        for text in EXPRESSIONS {
            let query = Query::parse(text).unwrap();
            let times = Span {
                start: Timestamp::from_millis(start),
                end: Timestamp::from_millis(end),
                step: Duration::from_millis(step as u64),
            };
            let Value::Matrix(range) = query.range(&data, &times, &options).unwrap().value else {
                panic!("{text}")
            };
            // `start()` and `end()` are those of the range: named as times, so that the instants have them too.
            let last = start + (end - start) / step * step;
            let fixed = text
                .replace("start()", &(start / 1000).to_string())
                .replace("end()", &(end / 1000).to_string());
            let query = Query::parse(&fixed).unwrap();
            let mut instants = Shown::new();
            for at in (start..=last).step_by(step as usize) {
                for element in
                    query.instant(&data, Timestamp::from_millis(at), &options).unwrap().value.elements()
                {
                    let samples = instants.entry(element.labels.to_string()).or_default();
                    samples.push((at, element.value.to_bits()));
                }
            }
            assert_eq!(show(&range), instants, "{text}");
        }
    }
}
