//! Evaluating rules: the same rules over the same scraped cluster, beside Prometheus.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use larum_sandbox::{Sandbox, SandboxConfig};
use rustix::process::Signal;
use serde_json::json;
use tokio::process::Child;
use tokio::time::sleep;

use crate::exporter;
use crate::figure::FiguresOf;
use crate::larum::{Larum, Log, command, larum, send};
use crate::process::{cpu_seconds, resident_bytes};
use crate::target::Kind;

const RULES: usize = 5_000;
/// How long the cluster is scraped before anything is measured.
const FIRST: Duration = Duration::from_secs(30);
/// How long scraping alone is measured.
const ALONE: Duration = Duration::from_secs(30);
/// How long rules are evaluated before they are measured: the longest window of an expression is full by then.
const FILLING: Duration = Duration::from_secs(75);
/// How long they are measured: four rounds.
const MEASURED: Duration = Duration::from_secs(60);

/// What evaluates.
enum Evaluator {
    Larum { larum: Box<Larum>, _slack: Box<larum_sandbox::Running> },
    Prometheus(Box<Child>),
}

impl Evaluator {
    async fn start(kind: Kind, folder: &Path, config: &Path) -> Self {
        if kind == Kind::Larum {
            let slack = Sandbox::start(SandboxConfig::in_memory()).await.expect("the sandbox starts");
            let mut serve = larum();
            serve.arg("serve").arg("--storage.path").arg(folder.join("data")).arg("--prometheus.config-file");
            serve.arg(config).args([
                "--web.listen-address",
                "127.0.0.1:0",
                "--slack-api-url",
                &slack.api_url(),
            ]);
            let larum = Larum::of(&mut serve).await.expect("larum starts");
            return Self::Larum { larum: Box::new(larum), _slack: Box::new(slack) };
        }
        let program = std::env::var_os("LARUM_TEST_PROMETHEUS").expect("it is here");
        let mut prometheus = command(program);
        prometheus.arg("--config.file").arg(config).arg("--storage.tsdb.path").arg(folder.join("tsdb"));
        prometheus.args(["--web.listen-address=127.0.0.1:0", "--storage.tsdb.retention.time=2h"]);
        let mut process = prometheus.stderr(Stdio::piped()).spawn().expect("prometheus starts");
        let mut log = Log::of(process.stderr.take().expect("its log can be read"));
        log.line_with("ready to receive web requests").await.expect("prometheus is ready");
        Self::Prometheus(Box::new(process))
    }

    fn id(&self) -> u32 {
        match self {
            Self::Larum { larum, .. } => larum.id(),
            Self::Prometheus(process) => process.id().expect("it runs"),
        }
    }

    /// Has it read its files again.
    fn reload(&self) {
        send(self.id(), Signal::HUP);
    }
}

pub async fn measure(kind: Kind, figures: &mut FiguresOf<'_>) {
    let folder = tempfile::tempdir().expect("there is room");
    let exporter = exporter::serve().await;
    let (config, rules) = (folder.path().join("prometheus.yml"), folder.path().join("rules.yml"));
    let text = json!({
        "global": {"scrape_interval": "5s", "evaluation_interval": "15s"},
        "rule_files": [rules.to_str().expect("it is text")],
        "scrape_configs": [{"job_name": "cluster", "static_configs": [{"targets": [exporter.to_string()]}]}],
    });
    std::fs::write(&config, text.to_string()).expect("it can be written");
    std::fs::write(&rules, "groups: []").expect("it can be written");
    let evaluator = Evaluator::start(kind, folder.path(), &config).await;
    sleep(FIRST).await;
    let scraping = used_during(&evaluator, ALONE).await;
    figures.note("CPU ms a second to scrape 48k series every 5 s", "", scraping * 1000.0);

    std::fs::write(&rules, exporter::rules(RULES)).expect("it can be written");
    evaluator.reload();
    sleep(FILLING).await;
    let both = used_during(&evaluator, MEASURED).await;
    figures.note("CPU ms a second to evaluate 5k rules every 15 s", "", (both - scraping) * 1000.0);
    figures.note("MiB of memory for both", "", resident_bytes(evaluator.id()) / f64::from(1 << 20));
}

/// CPU seconds a second that it uses for so long.
async fn used_during(evaluator: &Evaluator, span: Duration) -> f64 {
    let before = cpu_seconds(evaluator.id());
    sleep(span).await;
    (cpu_seconds(evaluator.id()) - before) / span.as_secs_f64()
}
