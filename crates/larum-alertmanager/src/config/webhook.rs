//! `webhook_configs`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Options;
use super::field::At;
use super::global::Global;
use super::http::{self, HttpConfig};
use super::secret::{self, Kind, SecretSource};
use crate::yaml::Typed;

/// How alerts are posted to a URL.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookConfig {
    /// Whether it is told that alerts are resolved.
    pub send_resolved: bool,
    /// How the server is spoken to.
    pub http: Arc<HttpConfig>,
    /// Where it is posted to; may be a Go template.
    pub url: SecretSource,
    /// What is posted instead of the usual body; its texts are Go templates.
    pub payload: Option<Typed>,
    /// The most alerts that are told at once; 0 is no limit.
    pub max_alerts: u64,
    /// How long one attempt may take; zero is no limit of its own.
    pub timeout: Duration,
}

pub(super) fn read(at: &At<'_>, global: &Global, options: &Options) -> Option<WebhookConfig> {
    let section = at.section()?;
    let url = secret::source(&section, Kind::UrlTemplate, ["url", "url_file"], Path::new(""));
    let url = url.or_else(|| section.missing("url", "a webhook needs a url or a url_file"));
    let own = section.take("http_config").and_then(|at| http::read(&at, &options.folder));
    let http = own.map_or_else(|| global.http.clone(), Arc::new);
    let send_resolved = section.boolean_or("send_resolved", true);
    let max_alerts = section.take("max_alerts").and_then(|at| at.whole_number()).unwrap_or(0);
    let payload = section.take("payload").map(|at| at.typed());
    let timeout = section.timeout("timeout");
    Some(WebhookConfig { send_resolved, http, url: url?, payload, max_alerts, timeout })
}
