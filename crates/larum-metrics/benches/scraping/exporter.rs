//! A node_exporter that runs, and time that passes faster than it does.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Exporter {
    child: Child,
    address: String,
}

impl Exporter {
    pub fn start() -> Self {
        let program =
            std::env::var_os("LARUM_TEST_NODE_EXPORTER").expect("cargo xtask bench says where it is");
        let mut command = Command::new(program);
        command.args(["--web.listen-address=127.0.0.1:0"]).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it has a log")).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains("Listening on"));
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let line = line.expect("it says where it listens");
        let address = line.rsplit("address=").next().unwrap_or_default().trim().to_owned();
        Self { child, address }
    }

    /// What it says now.
    pub fn text(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET /metrics HTTP/1.0\r\n\r\n").expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer.split_once("\r\n\r\n").expect("an answer has a body").1.to_owned()
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes counters go up as much as they would have if a whole interval had passed since the last scrape.
#[derive(Default)]
pub struct Hurried {
    /// By series: the value that was read last, and what it was told as.
    counters: HashMap<String, (f64, f64)>,
    last: Option<Instant>,
}

impl Hurried {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a scrape really took is what is measured against"
    )]
    pub fn text(&mut self, text: &str, interval: Duration) -> String {
        let now = Instant::now();
        let passed = self.last.replace(now).map_or(interval, |last| now - last);
        let factor = interval.as_secs_f64() / passed.as_secs_f64();
        let is_counter =
            |line: &str| line.strip_prefix("# TYPE ")?.strip_suffix(" counter").map(str::to_owned);
        let families: HashSet<String> = text.lines().filter_map(is_counter).collect();
        let mut hurried = String::with_capacity(text.len());
        for line in text.lines() {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            let told = (families.contains(name)).then(|| line.rsplit_once(' ')).flatten().and_then(
                |(series, value)| {
                    let value: f64 = value.parse().ok()?;
                    let (last, told) = self.counters.get(series).copied().unwrap_or((value, value));
                    // As fine as the counter itself is: seconds of the CPU come in hundredths.
                    let told = told + ((value - last) * factor * 100.0).round() / 100.0;
                    let told =
                        if value.fract() == 0.0 { told.round() } else { (told * 100.0).round() / 100.0 };
                    self.counters.insert(series.to_owned(), (value, told));
                    Some((series, told))
                },
            );
            let _ = match told {
                Some((series, told)) => writeln!(hurried, "{series} {told}"),
                None => writeln!(hurried, "{line}"),
            };
        }
        hurried
    }
}
