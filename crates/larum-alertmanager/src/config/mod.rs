//! `alertmanager.yml` (Alertmanager, "Configuration").

mod error;
mod field;
mod global;
mod http;
mod inhibit;
mod interval;
mod names;
mod original;
mod receiver;
mod route;
mod secret;
mod slack;
mod webhook;

use std::path::PathBuf;
use std::time::Duration;

use larum_core::matcher::MatcherSyntax;
use larum_core::route::RouteTree;

pub use self::error::{ConfigError, ConfigWarning, MOST_ERRORS};
pub use self::http::{Credentials, HttpConfig, HttpHeader, Oauth2, Proxy, TlsConfig, TlsVersion};
pub use self::inhibit::InhibitRule;
pub use self::interval::TimeInterval;
pub use self::receiver::{Receiver, Unsupported};
pub use self::secret::{Secret, SecretSource};
pub use self::slack::{SlackAccess, SlackAction, SlackConfig, SlackConfirmation, SlackField, update_url};
pub use self::webhook::WebhookConfig;

use self::error::Report;
use self::field::At;
use self::names::Names;
use crate::yaml::{self, Node};

/// How a configuration is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How matchers are read.
    pub matchers: MatcherSyntax,
    /// Whether integrations that Larum does not have are kept as [`Unsupported`]; else they are errors.
    pub skip_unsupported: bool,
    /// The folder of the file, which the paths of templates and those of an `http_config` begin at. Other paths begin
    /// where the process runs (Alertmanager, `config.go`, `resolveFilepaths`).
    pub folder: PathBuf,
    /// How long it is remembered what was told; a route that repeats more rarely gets a warning.
    pub retention: Option<Duration>,
}

/// A whole configuration, in which every name that is used is defined.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// After how long an alert counts as resolved whose sender gave no end.
    pub resolve_timeout: Duration,
    /// The routes, each with what it inherits.
    pub routes: RouteTree,
    /// In the order of the file; no two have one name.
    pub receivers: Vec<Receiver>,
    /// What hushes what.
    pub inhibit_rules: Vec<InhibitRule>,
    /// Those of `time_intervals` and of `mute_time_intervals`; no two have one name.
    pub time_intervals: Vec<TimeInterval>,
    /// Patterns for the paths of template files.
    pub templates: Vec<PathBuf>,
    /// What is right today and not wise.
    pub warnings: Vec<ConfigWarning>,
    original: String,
}

impl Configuration {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the file, never nothing and at most [`MOST_ERRORS`]. If it is no YAML,
    /// or a key stands twice, that alone.
    pub fn parse(text: &str, options: &Options) -> Result<Self, Vec<ConfigError>> {
        let tree = yaml::read(text).map_err(|error| vec![ConfigError::of_yaml(error)])?;
        let report = Report::default();
        let read = read(&tree, &report, options);
        let (mut errors, mut warnings, secrets) = report.into_parts();
        errors.sort_by_key(|error| error.place);
        warnings.sort_by_key(|warning| warning.place);
        match read {
            Some(read) if errors.is_empty() => {
                Ok(Self { warnings, original: original::without_secrets(&tree, &secrets), ..read })
            }
            _ => Err(errors),
        }
    }

    /// The file with its comments gone, its aliases replaced by what they stand for, and its secrets by `<secret>`.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The receiver of this name.
    pub fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name == name)
    }
}

/// Reads the whole tree. `None` only where the report has an error.
fn read(tree: &Node, report: &Report, options: &Options) -> Option<Configuration> {
    let file = At::root(tree, report);
    if tree.is_null() {
        file.wrong("the file is empty: at least route and receivers are needed");
        return None;
    }
    let file = file.section()?;
    let global = global::read(file.take("global"), options);
    let receivers = receiver::read(file.take("receivers"), &global, options);
    let mut intervals = interval::read(file.take("mute_time_intervals"), "mute time interval", Vec::new());
    intervals = interval::read(file.take("time_intervals"), "time interval", intervals);
    let inhibit_rules = inhibit::read(file.take("inhibit_rules"), options);
    let templates = file.texts("templates").unwrap_or_default();
    let unread = receivers.is_empty() && report.is_wrong();
    let names = Names::new((!unread).then_some(&receivers), &intervals);
    let routes = match file.take("route") {
        Some(route) => route::read(&route, &names, options),
        None => file.missing("route", "no routes are given"),
    };
    Some(Configuration {
        resolve_timeout: global.resolve_timeout,
        routes: routes?,
        receivers,
        inhibit_rules,
        time_intervals: intervals,
        templates: templates.iter().map(|path| options.folder.join(path)).collect(),
        warnings: Vec::new(),
        original: String::new(),
    })
}
