//! `global`: what holds for all that say nothing else.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::field::{At, Section};
use super::http::{self, HttpConfig};
use super::secret::{self, Kind, SecretSource};
use super::{Options, original};

/// After how long an alert counts as resolved whose sender gave no end, if nothing is said.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// Where messages with an app's token go, if nothing is said.
const SLACK_APP_URL: &str = "https://slack.com/api/chat.postMessage";

/// What `global` says.
#[derive(Debug)]
pub(super) struct Global {
    pub resolve_timeout: Duration,
    pub http: Arc<HttpConfig>,
    pub slack_api_url: Option<SecretSource>,
    pub slack_app_token: Option<SecretSource>,
    pub slack_app_url: String,
}

/// Fields for integrations that Larum does not have: known, so that they are no errors, and not acted on.
const OTHERS: [&str; 35] = [
    "smtp_from",
    "smtp_hello",
    "smtp_smarthost",
    "smtp_auth_username",
    "smtp_auth_password",
    "smtp_auth_password_file",
    "smtp_auth_secret",
    "smtp_auth_secret_file",
    "smtp_auth_identity",
    "smtp_require_tls",
    "smtp_tls_config",
    "smtp_force_implicit_tls",
    "pagerduty_url",
    "opsgenie_api_url",
    "opsgenie_api_key",
    "opsgenie_api_key_file",
    "wechat_api_url",
    "wechat_api_secret",
    "wechat_api_secret_file",
    "wechat_api_corp_id",
    "victorops_api_url",
    "victorops_api_key",
    "victorops_api_key_file",
    "telegram_api_url",
    "telegram_bot_token",
    "telegram_bot_token_file",
    "webex_api_url",
    "rocketchat_api_url",
    "rocketchat_token",
    "rocketchat_token_file",
    "rocketchat_token_id",
    "rocketchat_token_id_file",
    "jira_api_url",
    "mattermost_webhook_url",
    "mattermost_webhook_url_file",
];

pub(super) fn read(at: Option<At<'_>>, options: &Options) -> Global {
    let mut global = Global {
        resolve_timeout: RESOLVE_TIMEOUT,
        http: Arc::default(),
        slack_api_url: None,
        slack_app_token: None,
        slack_app_url: SLACK_APP_URL.to_owned(),
    };
    if let Some(section) = at.and_then(|at| at.section()) {
        fill(&mut global, &section, options);
    }
    global
}

fn fill(global: &mut Global, section: &Section<'_>, options: &Options) {
    if let Some(timeout) = section.duration("resolve_timeout") {
        global.resolve_timeout = timeout;
    }
    if let Some(http) = section.take("http_config").and_then(|at| http::read(&at, &options.folder)) {
        global.http = Arc::new(http);
    }
    if let Some(url) = section.take("slack_app_url").and_then(|at| at.url()) {
        global.slack_app_url = url;
    }
    let here = Path::new("");
    global.slack_api_url = secret::source(section, Kind::Url, ["slack_api_url", "slack_api_url_file"], here);
    global.slack_app_token =
        secret::source(section, Kind::Text, ["slack_app_token", "slack_app_token_file"], here);
    // That both are the same is how people worked around the lack of a token (Alertmanager, `config.go`).
    let same = matches!(&global.slack_api_url,
        Some(SecretSource::Given(url)) if url.expose() == global.slack_app_url);
    if global.slack_app_token.is_some() && global.slack_api_url.is_some() && !same {
        section.at().wrong(
            "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file can be given",
        );
    }
    for other in OTHERS {
        if let Some(at) = section.take_any(other) {
            original::hide_what_looks_secret(other, &at);
        }
    }
}
