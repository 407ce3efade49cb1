//! The log: once per event, on stderr, as logfmt or JSON.

use std::fmt;

use clap::ValueEnum;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// What is logged, and how.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The least level that is logged: error, warn, info or debug.
    #[arg(long = "log.level", env = "LARUM_LOG_LEVEL", default_value = "info", global = true)]
    level: Level,
    /// How a line of the log looks.
    #[arg(long = "log.format", env = "LARUM_LOG_FORMAT", default_value = "logfmt", global = true)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Logfmt,
    Json,
}

/// Starts the log.
pub fn start(flags: &Flags) {
    // Libraries say only what has gone wrong.
    let filter = EnvFilter::new(format!(
        "warn,larum={level},larum_engine={level},larum_api={level},larum_store={level},larum_metrics={level},larum_slack={level},larum_webhook={level},larum_sandbox={level}",
        level = flags.level
    ));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match flags.format {
        Format::Json => log.json().flatten_event(true).init(),
        Format::Logfmt => log.event_format(Logfmt).init(),
    }
}

/// `time=… level=info msg="…" key=value`
struct Logfmt;

impl<S, N> FormatEvent<S, N> for Logfmt
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writer.write_str("time=")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, " level={}", event.metadata().level().as_str().to_ascii_lowercase())?;
        let mut fields = Fields { message: String::new(), rest: String::new() };
        event.record(&mut fields);
        write!(writer, " msg={}", quoted(&fields.message))?;
        writeln!(writer, "{}", fields.rest)
    }
}

struct Fields {
    message: String,
    rest: String,
}

impl Fields {
    fn add(&mut self, field: &Field, text: &str) {
        if field.name() == "message" {
            text.clone_into(&mut self.message);
        } else {
            self.rest.push_str(&format!(" {}={}", field.name(), quoted(text)));
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }
}

/// As it is, or in quotes with everything escaped that could break the line.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+@%[]".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("{text:?}") }
}
