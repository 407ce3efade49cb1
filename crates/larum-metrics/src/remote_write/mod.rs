//! Samples that another Prometheus or an agent pushes: the body of a remote write 1.0 request.
//!
//! Source: "Prometheus Remote-Write 1.0 specification", section "Protocol": a `prometheus.WriteRequest` in protobuf,
//! compressed as one snappy block.

mod decode;
mod wire;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

pub use self::decode::decode;
use crate::store::{MetricMetadata, Store, Written, WrittenSeries};

/// How much one request may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes once decompressed.
    pub bytes: usize,
    /// Samples of all series.
    pub samples: usize,
    /// Labels of one series, the metric name among them.
    pub labels: usize,
    /// Bytes of a label's name.
    pub label_name_bytes: usize,
    /// Bytes of a label's value.
    pub label_value_bytes: usize,
}

impl Default for Limits {
    /// 32 MiB, 1,000,000 samples, 128 labels, names of 1 KiB, values of 64 KiB.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            samples: 1_000_000,
            labels: 128,
            label_name_bytes: 1 << 10,
            label_value_bytes: 64 << 10,
        }
    }
}

/// Why a request cannot be read. The sender is not to send it again (section "Retries & Backoff": an answer of 4xx).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not one snappy block.
    #[error("the body is not compressed as one snappy block: {0}")]
    Compression(String),
    /// It is larger than allowed.
    #[error("the body has {found} bytes once decompressed, the limit is {limit}")]
    Bytes {
        /// How many it says it has.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// There are too many samples.
    #[error("there are more samples than the limit of {limit}")]
    Samples {
        /// How many there may be.
        limit: usize,
    },
    /// It is not the protobuf message it should be.
    #[error("byte {at} of the message: {reason}")]
    Message {
        /// Where, once decompressed.
        at: usize,
        /// What is wrong there.
        reason: &'static str,
    },
}

/// What a request holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteRequest {
    /// The series in the order of the request; a series may stand there twice.
    pub series: Vec<PushedSeries>,
    /// What is said about metrics, with their names.
    pub metadata: Vec<(String, MetricMetadata)>,
    /// What the request holds besides and was left out.
    pub left_out: LeftOut,
}

/// One series with its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct PushedSeries {
    /// What it is known by, the metric name among them.
    pub labels: LabelSet,
    /// When and what, in the order of the request. Staleness markers are kept bit for bit.
    pub samples: Vec<(Timestamp, f64)>,
}

/// What was left out of a request, with the reason; whoever answers says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Native histograms, which Larum does not keep.
    pub histograms: u64,
    /// Exemplars, which Larum does not keep.
    pub exemplars: u64,
    /// Samples of series whose labels cannot be taken.
    pub invalid: u64,
    /// Why the first of those cannot.
    pub first_invalid: Option<InvalidLabels>,
}

/// Why the labels of a series cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLabels {
    /// It has no metric name.
    #[error("a series has no __name__")]
    NoName,
    /// A label has no name.
    #[error("a series has a label without a name")]
    EmptyName,
    /// Two labels have one name.
    #[error("a series has a label twice")]
    Twice,
    /// It has more labels than allowed.
    #[error("a series has more labels than the limit of {0}")]
    Labels(usize),
    /// A label's name is longer than allowed.
    #[error("a label's name has more bytes than the limit of {0}")]
    NameBytes(usize),
    /// A label's value is longer than allowed.
    #[error("a label's value has more bytes than the limit of {0}")]
    ValueBytes(usize),
}

/// How many samples are written before others get their turn.
const SAMPLES_A_TURN: usize = 5_000;

impl Store {
    /// Takes in what was pushed, at `now`.
    pub fn append_written(&self, now: Timestamp, request: &WriteRequest) -> Written {
        let mut all = Written::default();
        let mut rest = request.series.as_slice();
        let mut metadata = request.metadata.as_slice();
        while !rest.is_empty() || !metadata.is_empty() {
            let mut writer = self.writer(now);
            let mut count = 0;
            while let Some((series, others)) = rest.split_first().filter(|_| count < SAMPLES_A_TURN) {
                let mut written = WrittenSeries::new(series.labels.clone());
                for &(at, value) in &series.samples {
                    writer.sample(&mut written, at, value);
                }
                count += series.samples.len().max(1);
                rest = others;
            }
            for (metric, said) in std::mem::take(&mut metadata) {
                writer.metadata(metric, said);
            }
            all.add(&writer.written());
        }
        all
    }
}
