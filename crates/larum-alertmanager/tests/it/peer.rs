//! What a real Alertmanager sends of the same alerts: byte for byte the same webhooks, and the same messages for Slack
//! but for what it leaves unescaped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::data::Occasion;
use larum_alertmanager::slack::SlackTexts;
use larum_alertmanager::template::Templates;
use larum_alertmanager::webhook;
use larum_core::label::LabelSet;
use larum_core::notification::{Notification, NotifyReason, ToldAlert};
use larum_core::time::Timestamp;

use crate::story::{EXTERNAL_URL, alert_since};
use crate::templates::FILE;

const CONFIG: &str = include_str!("../files/peer.yml");
/// What it may take at most until something comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first day of 2100: what begins then is waited with, however slow the machine is.
const FUTURE: Timestamp = Timestamp::from_millis(4_102_444_800_500);
/// The first minute of 2020.
const PAST: [Timestamp; 2] =
    [Timestamp::from_millis(1_577_836_800_000), Timestamp::from_millis(1_577_836_860_000)];

/// A server that takes whatever is posted to it.
struct Letters {
    address: String,
    posted: Receiver<(String, String)>,
}

impl Letters {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has one").to_string();
        let (sender, posted) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("somebody called");
                let letter = letter(&stream);
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                stream.write_all(answer.as_bytes()).expect("they listen");
                if sender.send(letter).is_err() {
                    return;
                }
            }
        });
        Self { address, posted }
    }

    /// The next so many bodies by their paths.
    fn next(&self, count: usize) -> Vec<(String, String)> {
        let mut letters: Vec<_> = (0..count)
            .map(|_| self.posted.recv_timeout(PATIENCE).expect("Alertmanager posts what it was told"))
            .collect();
        letters.sort();
        letters
    }
}

/// The path and the body of a request.
fn letter(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("they speak");
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        } else if let Some(behind) = line.strip_prefix("POST ") {
            path = behind.split(' ').next().unwrap_or_default().to_owned();
        } else if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("they go on");
    (path, String::from_utf8(body).expect("it is text"))
}

/// A running Alertmanager.
struct Alertmanager {
    process: Child,
    address: String,
}

impl Alertmanager {
    /// Starts it with a configuration. Debian's looks for its templates in one place only: it is shown the ones that
    /// came with it there, in a mount namespace of its own.
    fn start(folder: &Path) -> Self {
        let program = std::env::var_os("LARUM_TEST_ALERTMANAGER");
        let program = program.expect(
            "LARUM_TEST_ALERTMANAGER is not set: run `cargo xtask test`, which installs what it names",
        );
        let share =
            Path::new(&program).ancestors().nth(2).expect("it lies in a folder").join("share/prometheus");
        let script = "mount -t tmpfs none /usr/share && mkdir /usr/share/prometheus \
                      && mount --bind \"$1\" /usr/share/prometheus && shift && exec \"$@\"";
        let mut process = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .arg(share)
            .arg(program)
            .arg(format!("--config.file={}", folder.join("alertmanager.yml").display()))
            .arg(format!("--storage.path={}", folder.join("data").display()))
            .arg(format!("--web.external-url={EXTERNAL_URL}"))
            .args(["--web.route-prefix=/", "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="])
            .stderr(Stdio::piped())
            .spawn()
            .expect("unshare (util-linux) is there");
        let mut log = BufReader::new(process.stderr.take().expect("its words can be read")).lines();
        let mut said = Vec::new();
        let address = log.by_ref().map_while(Result::ok).find_map(|line| {
            let address = line.split("address=").nth(1).filter(|_| line.contains("Listening on"));
            let address = address.map(|behind| behind.split(' ').next().unwrap_or_default().to_owned());
            said.push(line);
            address
        });
        let address = address.unwrap_or_else(|| panic!("Alertmanager starts: {}", said.join("\n")));
        // It would stop if nobody read what it says.
        std::thread::spawn(move || log.for_each(drop));
        Self { process, address }
    }

    fn post(&self, body: &str) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let (address, length) = (&self.address, body.len());
        let head = format!(
            "POST /api/v2/alerts HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all((head + body).as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Three alerts of one group, and one of another.
const LABELS: [[(&str, &str); 4]; 4] = [
    [("alertname", "DiskFull"), ("instance", "n1:9100"), ("job", "node"), ("team", "a & b")],
    [("alertname", "DiskFull"), ("instance", "n2:9100"), ("job", "node"), ("team", "a & b")],
    [("alertname", "DiskFull"), ("instance", "n3:9100"), ("job", "node"), ("team", "a & b")],
    [("alertname", "NodeDown"), ("instance", "n1:9100"), ("job", "node"), ("team", "b")],
];
const GENERATOR: &str = "http://prometheus/graph?g0.expr=a%3C1&g0.tab=1";

fn annotations(index: usize) -> [(&'static str, String); 2] {
    let summary =
        ["<!channel> \"é\" & @here <http://evil|good>\n{{ .Nope }}", "", "x\u{2028}y", "<@U1>"][index];
    // Together the titles are too long for a title.
    [("runbook", "http://r/1?a=b&c".to_owned()), ("summary", summary.to_owned() + &"ö".repeat(200))]
}

/// What is told of: which alerts, and whether they are over.
type Step = (&'static [usize], bool);

fn notification((alerts, is_over): Step) -> Notification {
    let told = |index: usize| -> ToldAlert {
        let annotations = annotations(index);
        let annotations = annotations.each_ref().map(|(name, value)| (*name, value.as_str()));
        let (since, ended) = if is_over { (PAST[0], Some(PAST[1])) } else { (FUTURE, None) };
        alert_since(since, &LABELS[index], &annotations, GENERATOR, ended)
    };
    Notification {
        receiver: "team.a/slack".into(),
        group_labels: LabelSet::from_pairs([LABELS[alerts[0]][0], ("job", "node")]),
        reason: if is_over { NotifyReason::AllResolved } else { NotifyReason::FirstNotification },
        planned_at: FUTURE,
        alerts: alerts.iter().rev().map(|index| told(*index)).collect(),
        replaced: None,
    }
}

/// The same as Prometheus posts them.
fn posted((alerts, is_over): Step) -> String {
    let [starts_at, ends_at] = match is_over {
        true => ["2020-01-01T00:00:00Z", "2020-01-01T00:01:00Z"],
        false => ["2100-01-01T00:00:00.5Z", "2100-01-02T00:00:00Z"],
    };
    let alerts = alerts.iter().map(|index| {
        serde_json::json!({
            "labels": LABELS[*index].iter().copied().collect::<std::collections::BTreeMap<_, _>>(),
            "annotations": annotations(*index).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            "generatorURL": GENERATOR, "startsAt": starts_at, "endsAt": ends_at,
        })
    });
    serde_json::Value::Array(alerts.collect()).to_string()
}

/// What we would send, by path.
fn ours(config: &str, step: Step) -> Vec<(String, String)> {
    let config = Configuration::parse(config, &Options::default()).expect("it is sound");
    let notification = notification(step);
    let group_key = format!(r#"{{}}:{{alertname="{}", job="node"}}"#, LABELS[step.0[0]][0].1);
    let occasion =
        Occasion { notification: &notification, external_url: EXTERNAL_URL, group_key: &group_key };
    let data = occasion.data();
    let templates = Templates::with_files([("team.tmpl", FILE)]).expect("it is sound");
    let receiver = &config.receivers[0];
    let mut sent = Vec::new();
    for (path, webhook) in ["/all", "/two"].into_iter().zip(&receiver.webhooks) {
        sent.push((path.to_owned(), webhook::body(&occasion, webhook.max_alerts)));
    }
    for (path, slack) in ["/usual", "/full"].into_iter().zip(&receiver.slack) {
        let post = SlackTexts::new(slack, &templates).post(&data, FUTURE).expect("it can be filled in");
        sent.push((path.to_owned(), post.body));
    }
    sent.sort();
    sent
}

/// What Alertmanager would have sent, which escapes nothing.
fn unescaped(body: &str) -> String {
    let entities = [("lt;", "\\u003c"), ("gt;", "\\u003e"), ("amp;", "\\u0026")];
    let plain = body.replace('\u{2060}', "");
    entities.iter().fold(plain, |text, (entity, letter)| text.replace(&format!("\\u0026{entity}"), letter))
}

/// Alertmanager 0.25 does not say why it tells.
fn without_reason(body: &str) -> String {
    let Some((before, behind)) = body.split_once(r#""notification_reason":"#) else { return body.to_owned() };
    let (_, after) = behind.split_once(',').expect("more follows");
    before.to_owned() + after
}

#[test]
fn alertmanager_sends_the_same() {
    let letters = Letters::new();
    let folder = tempfile::tempdir().expect("there is room");
    let config = CONFIG.replace("ADDRESS", &letters.address);
    std::fs::write(folder.path().join("alertmanager.yml"), &config).expect("there is room");
    std::fs::write(folder.path().join("team.tmpl"), FILE).expect("there is room");
    let alertmanager = Alertmanager::start(folder.path());
    // One alert alone is over at one time, whenever Alertmanager looks.
    let steps: [Step; 3] = [(&[0, 1, 2], false), (&[3], false), (&[3], true)];
    for step in steps {
        alertmanager.post(&posted(step));
        for ((path, theirs), (_, ours)) in letters.next(4).into_iter().zip(ours(&config, step)) {
            let is_webhook = ["/all", "/two"].contains(&path.as_str());
            let ours = match is_webhook {
                true if theirs.contains("notification_reason") => ours,
                true => without_reason(&ours),
                false => unescaped(&ours),
            };
            assert_eq!(ours, theirs, "{path}");
        }
    }
}
