//! The values of expressions as Prometheus writes them (Prometheus, "HTTP API", "Expression query result formats";
//! `web/api/v1/json_codec.go`).

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Element, Evaluation, Sample, Series, Value};

use super::answer::{Answer, Remarks};
use super::labels::Labels;
use super::number::{push_plain, push_seconds, push_time, push_value};
use super::refusal::{Kind, Refusal};

/// The largest answer to a question about series, in bytes.
const MAX_ANSWER_BYTES: usize = 128 << 20;

/// What is told of an evaluation beside its value, if it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Stats {
    /// How long it took, the wait for its turn included, in seconds.
    pub seconds: f64,
}

/// The answer to a query that was evaluated at `at`, with at most `limit` series.
///
/// # Errors
/// [`Refusal`] if it is larger than [`MAX_ANSWER_BYTES`].
pub fn write_evaluation(
    evaluation: &Evaluation,
    at: Timestamp,
    limit: usize,
    stats: Option<Stats>,
) -> Result<(Answer, Remarks), Refusal> {
    let mut out = Answer::begin();
    out.text.push_str(r#"{"resultType":""#);
    let truncated = match &evaluation.value {
        Value::Scalar(value) => {
            out.text.push_str(r#"scalar","result":["#);
            push_seconds(&mut out.text, at);
            out.text.push_str(",\"");
            push_plain(&mut out.text, *value);
            out.text.push_str("\"]");
            false
        }
        Value::Text(text) => {
            out.text.push_str(r#"string","result":["#);
            push_seconds(&mut out.text, at);
            out.text.push(',');
            out.push(text);
            out.text.push(']');
            false
        }
        Value::Vector(elements) => {
            out.text.push_str(r#"vector","result":"#);
            push_all(&mut out, elements, limit, |out, element| push_element(out, at, element))?
        }
        Value::Matrix(series) => {
            out.text.push_str(r#"matrix","result":"#);
            push_all(&mut out, series, limit, push_series)?
        }
    };
    if let Some(Stats { seconds }) = stats {
        let samples = evaluation.samples_touched;
        out.text.push_str(&format!(
            r#","stats":{{"timings":{{"evalTotalTime":{seconds},"execTotalTime":{seconds}}},"samples":{{"totalQueryableSamples":{samples}}}}}"#
        ));
    }
    out.text.push('}');
    Ok((out, Remarks::of(&evaluation.annotations).truncated(truncated)))
}

/// Writes a list of at most `limit` entries; answers whether there are more.
///
/// # Errors
/// [`Refusal`] if the answer gets larger than [`MAX_ANSWER_BYTES`].
pub fn push_all<T>(
    out: &mut Answer,
    entries: &[T],
    limit: usize,
    push: impl Fn(&mut Answer, &T),
) -> Result<bool, Refusal> {
    out.text.push('[');
    for (index, entry) in entries.iter().take(limit).enumerate() {
        if index > 0 {
            out.text.push(',');
        }
        push(out, entry);
        if out.text.len() > MAX_ANSWER_BYTES {
            let words = format!(
                "the answer is larger than {MAX_ANSWER_BYTES} bytes: ask for fewer series or fewer points"
            );
            return Err(Refusal::new(Kind::Execution, words));
        }
    }
    out.text.push(']');
    Ok(entries.len() > limit)
}

fn push_element(out: &mut Answer, at: Timestamp, element: &Element) {
    push_metric(out, &element.labels);
    out.text.push_str(r#","value":"#);
    push_point(&mut out.text, at, element.value);
    out.text.push('}');
}

fn push_series(out: &mut Answer, series: &Series) {
    push_metric(out, &series.labels);
    for (index, &Sample { at, value }) in series.samples.iter().enumerate() {
        out.text.push_str(if index == 0 { r#","values":["# } else { "," });
        push_point(&mut out.text, at, value);
    }
    out.text.push_str(if series.samples.is_empty() { "}" } else { "]}" });
}

fn push_metric(out: &mut Answer, labels: &LabelSet) {
    out.text.push_str(r#"{"metric":"#);
    out.push(&Labels(labels.clone()));
}

/// A sample of a series.
fn push_point(out: &mut String, at: Timestamp, value: f64) {
    out.push('[');
    push_time(out, at);
    out.push_str(",\"");
    push_value(out, value);
    out.push_str("\"]");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Value, limit: usize) -> String {
        let evaluation =
            Evaluation { value, empty_selectors: Vec::new(), annotations: Vec::new(), samples_touched: 7 };
        let (answer, _) = write_evaluation(&evaluation, Timestamp::from_millis(1_500), limit, None).unwrap();
        answer.text.split_once("\"data\":").unwrap().1.to_owned()
    }

    #[test]
    fn values_are_written_to_the_letter() {
        let labels = LabelSet::from_pairs([("job", "a\"b"), ("__name__", "up")]);
        assert_eq!(written(Value::Scalar(2.0), 9), r#"{"resultType":"scalar","result":[1.5,"2"]}"#);
        assert_eq!(
            written(Value::Scalar(1e21), 9),
            r#"{"resultType":"scalar","result":[1.5,"1000000000000000000000"]}"#
        );
        assert_eq!(
            written(Value::Text("x<y".to_owned()), 9),
            r#"{"resultType":"string","result":[1.5,"x<y"]}"#
        );
        assert_eq!(
            written(Value::Vector(vec![Element::new(labels.clone(), f64::NAN)]), 9),
            r#"{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a\"b"},"value":[1.500,"NaN"]}]}"#
        );
        let series = Series { labels, samples: [Sample::new(1_000, 1.0), Sample::new(2_000, 2.5)].into() };
        let bare = Series { labels: LabelSet::empty(), samples: [].into() };
        assert_eq!(
            written(Value::Matrix(vec![series, bare.clone()]), 9),
            r#"{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a\"b"},"values":[[1,"1"],[2,"2.5"]]},{"metric":{}}]}"#
        );
        assert_eq!(
            written(Value::Matrix(vec![bare.clone(), bare]), 1),
            r#"{"resultType":"matrix","result":[{"metric":{}}]}"#
        );
    }
}
