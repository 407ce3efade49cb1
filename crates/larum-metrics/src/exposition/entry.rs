//! What a line of an exposition says.

use std::borrow::Cow;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

/// A line that says something.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'a> {
    /// One value of one series.
    Sample(Sample),
    /// Something about a metric.
    Metadata(Metadata<'a>),
}

/// One value of one series. Series of histograms and summaries are series like any other.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What the series is known by, the metric name among them. Labels with an empty value are left out. The bounds in
    /// `le` of histograms and `quantile` of summaries are written as OpenMetrics does, `1` as `1.0` (Prometheus 3,
    /// "Migration guide", section "le and quantile label values").
    pub labels: LabelSet,
    /// What was read. Never the staleness marker.
    pub value: f64,
    /// When it was read, if the target says so.
    pub at: Option<Timestamp>,
}

/// A `# TYPE`, `# HELP` or `# UNIT` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// The name of the metric family: in OpenMetrics without `_total` and the like.
    pub metric: Cow<'a, str>,
    /// What is said about it.
    pub about: About<'a>,
}

/// What metadata tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// `# TYPE`
    Type(MetricType),
    /// `# HELP`, with escapes resolved; may be empty.
    Help(Cow<'a, str>),
    /// `# UNIT`, OpenMetrics only; may be empty, and is else the last word of the metric's name.
    Unit(Cow<'a, str>),
}

/// The type of a metric (OpenMetrics 1.0, section "Metric types"). The text format knows the first five, and calls the
/// unknown `untyped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetricType {
    /// Not told.
    #[default]
    Unknown,
    /// Goes up, and back to zero when its process starts anew.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts in buckets.
    Histogram,
    /// Quantiles, with a sum and a count.
    Summary,
    /// Counts in buckets that can go down.
    GaugeHistogram,
    /// Text that does not change while a process runs, in labels.
    Info,
    /// Several yes and no.
    StateSet,
}

impl MetricType {
    /// Its word, as Prometheus' `/api/v1/metadata` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Info => "info",
            Self::StateSet => "stateset",
        }
    }
}
