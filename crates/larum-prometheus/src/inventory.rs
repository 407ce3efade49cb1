//! What a server has: its series, their labels, what metrics mean, and which product it is.

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer};

use crate::answer::envelope;
use crate::answer::listing::{self, Listed, MetricMetadata};
use crate::answer::room::Room;
use crate::body::Body;
use crate::call::{Call, label_segment};
use crate::client::PrometheusClient;
use crate::error::SourceError;

/// The longest version or name of a product that is kept, in characters.
const MAX_NAME: usize = 100;

/// Which program a server is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Product {
    /// Prometheus.
    Prometheus,
    /// Thanos, which has its versions below 1 to itself.
    Thanos,
    /// VictoriaMetrics.
    VictoriaMetrics,
    /// One that says its name, such as `Grafana Mimir`.
    Named(String),
    /// One that does not say.
    Unknown,
}

/// What a server says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildInfo {
    /// Which program it is.
    pub product: Product,
    /// Its version; `None` if it does not say, or says that of the Prometheus it resembles, as VictoriaMetrics does.
    pub version: Option<String>,
}

#[derive(Default, Deserialize)]
struct Build {
    #[serde(default)]
    application: String,
    #[serde(default)]
    version: String,
}

/// Reads a [`Build`].
struct BuildData;

impl<'de> DeserializeSeed<'de> for BuildData {
    type Value = Build;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Build, D::Error> {
        Build::deserialize(deserializer)
    }
}

impl PrometheusClient {
    /// The series that any of `selectors` finds between `from` and `to`, at most `limit` of them and of
    /// [`Limits::series`](crate::Limits::series).
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn series(
        &self,
        selectors: &[&str],
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Listed<LabelSet>, SourceError> {
        let limit = self.at_most(limit);
        let call = Call::post("series").within(from, to).with("limit", one_more(limit));
        let call = selectors.iter().fold(call, |call, selector| call.with("match[]", *selector));
        self.ask(&call, None, move |_, body| listing::label_sets(body, limit)).await
    }

    /// The names of all labels that series have between `from` and `to`; only of those series that any of `selectors`
    /// finds, if there is one.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn label_names(
        &self,
        selectors: &[&str],
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Listed<String>, SourceError> {
        self.texts(Call::post("labels"), selectors, (from, to), limit).await
    }

    /// The values that a label has between `from` and `to`; only on those series that any of `selectors` finds, if
    /// there is one.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn label_values(
        &self,
        label: &str,
        selectors: &[&str],
        (from, to): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Listed<String>, SourceError> {
        let call = Call::get(&["label", &label_segment(label), "values"]);
        self.texts(call, selectors, (from, to), limit).await
    }

    /// What metrics mean: all of them, or one.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn metadata(
        &self,
        metric: Option<&str>,
        limit: usize,
    ) -> Result<Listed<MetricMetadata>, SourceError> {
        let limit = self.at_most(limit);
        let call = Call::get(&["metadata"]).with("limit", one_more(limit));
        let call = match metric {
            Some(metric) => call.with("metric", metric),
            None => call,
        };
        self.ask(&call, None, move |_, body| listing::metadata(body, limit)).await
    }

    /// Which program the server is, as far as it says. One that evaluates expressions but lacks this call is
    /// [`Product::Unknown`].
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn build_info(&self) -> Result<BuildInfo, SourceError> {
        let call = Call::get(&["status", "buildinfo"]);
        match self.ask(&call, None, product).await {
            Err(SourceError::NotPrometheus(_) | SourceError::Refused { .. }) => {
                self.check().await?;
                Ok(BuildInfo { product: Product::Unknown, version: None })
            }
            told => told,
        }
    }

    fn at_most(&self, limit: usize) -> usize {
        limit.clamp(1, self.limits().series)
    }

    async fn texts(
        &self,
        call: Call,
        selectors: &[&str],
        (from, to): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Listed<String>, SourceError> {
        let limit = self.at_most(limit);
        let call = call.within(from, to).with("limit", one_more(limit));
        let call = selectors.iter().fold(call, |call, selector| call.with("match[]", *selector));
        self.ask(&call, None, move |_, body| listing::texts(body, limit)).await
    }
}

/// The limit that the server is told: servers that keep it do not all say when they cut, so whether there is more shows
/// in one entry that is not wanted.
fn one_more(limit: usize) -> String {
    limit.saturating_add(1).to_string()
}

fn product(headers: &HeaderMap, body: Body) -> Result<BuildInfo, SourceError> {
    let room = Room::for_so_many(0);
    let (build, _) = envelope::read(body, &room, BuildData)?;
    let short = |text: &str| text.chars().take(MAX_NAME).collect::<String>();
    let version = Some(short(&build.version)).filter(|version| !version.is_empty());
    // Every answer of VictoriaMetrics says on which of its machines it was made.
    if headers.contains_key("x-server-hostname") {
        return Ok(BuildInfo { product: Product::VictoriaMetrics, version: None });
    }
    let product = match (build.application.as_str(), &version) {
        ("", None) => Product::Unknown,
        ("", Some(version)) if version.starts_with("0.") => Product::Thanos,
        ("", Some(_)) | ("Prometheus", _) => Product::Prometheus,
        (name, _) => Product::Named(short(name)),
    };
    Ok(BuildInfo { product, version })
}
