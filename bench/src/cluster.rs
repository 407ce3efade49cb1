//! A cluster to be scraped: about 48,000 series of nodes, pods and services, and alerting rules over them.

use std::convert::Infallible;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::clock;

const NODES: usize = 200;
const PODS: usize = 3_000;
const SERVICES: usize = 300;
const TEAMS: usize = 100;
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];
const BOUNDS: [&str; 12] =
    ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"];

/// Serves the cluster on a free port, as it is at the time of each request.
///
/// # Errors
/// When no port is free.
pub async fn serve() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let began = clock::now();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, began));
        }
    });
    Ok(address)
}

async fn answer(stream: TcpStream, began: Instant) {
    let service = service_fn(|_| async {
        let page = page(1e5 + began.elapsed().as_secs_f64());
        let mut response = Response::new(Full::new(Bytes::from(page)));
        let kind = hyper::header::HeaderValue::from_static("text/plain; version=0.0.4");
        response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
        Ok::<_, Infallible>(response)
    });
    // Whoever asked may have gone away.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The cluster after so many seconds.
fn page(time: f64) -> String {
    let mut page = Page(String::with_capacity(6 << 20));
    (0..NODES).for_each(|node| page.node(node, time));
    (0..PODS).for_each(|pod| page.pod(pod, time));
    (0..SERVICES).for_each(|service| page.service(service, time));
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, name: &str, labels: &str, value: f64) {
        let _ = writeln!(self.0, "{name}{{{labels}}} {value}");
    }

    fn node(&mut self, node: usize, time: f64) {
        let own = format!("instance=\"node-{node:04}.prod.example:9100\",cluster=\"prod-{}\"", node % 4);
        for (cpu, mode) in (0..8).flat_map(|cpu| ["idle", "user", "system", "iowait"].map(|mode| (cpu, mode)))
        {
            let share = if mode == "idle" { 0.6 } else { 0.1 };
            let labels = format!("{own},cpu=\"{cpu}\",mode=\"{mode}\"");
            self.line("node_cpu_seconds_total", &labels, time * share + node as f64);
        }
        for (nth, mount) in (1..).zip(["/", "/var", "/data"]) {
            let labels = format!("{own},mountpoint=\"{mount}\"");
            self.line("node_filesystem_size_bytes", &labels, 2e11);
            self.line("node_filesystem_avail_bytes", &labels, 1e11 - time * 1e3 * f64::from(nth));
        }
        let memory =
            [("MemTotal", 6.4e10), ("MemAvailable", 2.1e10 + time), ("Buffers", 1e9), ("Cached", 9e9)];
        for (what, value) in memory {
            self.line(&format!("node_memory_{what}_bytes"), &own, value.round());
        }
        for minutes in ["1", "5", "15"] {
            self.line(&format!("node_load{minutes}"), &own, 2.0 + (time / 60.0).sin());
        }
        for device in ["eth0", "eth1"] {
            let labels = format!("{own},device=\"{device}\"");
            for (what, rate) in [("receive_bytes", 1e6), ("transmit_bytes", 1e6), ("receive_errs", 0.01)] {
                self.line(&format!("node_network_{what}_total"), &labels, (time * rate).round());
            }
        }
    }

    fn pod(&mut self, pod: usize, time: f64) {
        let team = pod % TEAMS;
        let own = format!(
            "namespace=\"team-{team:03}\",pod=\"app-{pod:05}-7c9f8d6b5\",container=\"app\",node=\"node-{:04}\"",
            pod % NODES
        );
        self.line("kube_pod_container_status_restarts_total", &own, (time / 900.0).round());
        self.line("kube_pod_container_status_ready", &own, f64::from(u8::from(!pod.is_multiple_of(97))));
        self.line("container_cpu_usage_seconds_total", &own, time * 0.2 + pod as f64);
        self.line("container_cpu_cfs_throttled_periods_total", &own, (time * 0.5).round());
        self.line("container_cpu_cfs_periods_total", &own, (time * 10.0).round());
        self.line("container_memory_working_set_bytes", &own, (3e8 + 1e6 * (time / 30.0).sin()).round());
        self.line("kube_pod_container_resource_limits", &format!("{own},resource=\"memory\""), 536_870_912.0);
    }

    fn service(&mut self, service: usize, time: f64) {
        let own = format!("namespace=\"team-{:03}\",service=\"svc-{service:04}\"", service % TEAMS);
        for method in METHODS {
            for (code, share) in [("200", 0.97), ("404", 0.02), ("500", 0.01)] {
                let labels = format!("{own},method=\"{method}\",code=\"{code}\"");
                self.line("http_requests_total", &labels, (time * 50.0 * share).round());
            }
            for (nth, bound) in (1..).zip(BOUNDS) {
                let labels = format!("{own},method=\"{method}\",le=\"{bound}\"");
                let seen = (time * 50.0 * f64::from(nth) / 12.0).round();
                self.line("http_request_duration_seconds_bucket", &labels, seen);
            }
            let labels = format!("{own},method=\"{method}\"");
            self.line("http_request_duration_seconds_sum", &labels, time * 5.0);
            self.line("http_request_duration_seconds_count", &labels, (time * 50.0).round());
        }
        self.line("kube_deployment_spec_replicas", &own, 3.0);
        self.line(
            "kube_deployment_status_replicas_available",
            &own,
            if service.is_multiple_of(50) { 2.0 } else { 3.0 },
        );
    }
}

/// Expressions as rule files have them; `NODE`, `TEAM` and `SERVICE` stand for one of each. A window of 100 s holds as
/// many samples, at a scrape every 5 s, as 5 minutes at 15 s do.
const EXPRESSIONS: [&str; 12] = [
    "100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\",instance=~\"NODE.*\"}[100s]))) > 90",
    "node_filesystem_avail_bytes{instance=~\"NODE.*\"} / node_filesystem_size_bytes{instance=~\"NODE.*\"} < 0.1",
    "predict_linear(node_filesystem_avail_bytes{instance=~\"NODE.*\"}[100s], 4 * 3600) < 0",
    "node_memory_MemAvailable_bytes{cluster=\"prod-1\"} / node_memory_MemTotal_bytes{cluster=\"prod-1\"} < 0.05",
    "increase(node_network_receive_errs_total{instance=~\"NODE.*\"}[100s]) > 10",
    "increase(kube_pod_container_status_restarts_total{namespace=\"TEAM\"}[100s]) > 3",
    "sum by (namespace, pod) (kube_pod_container_status_ready{namespace=\"TEAM\"}) == 0",
    "sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{namespace=\"TEAM\"}[100s])) \
     / sum by (pod) (rate(container_cpu_cfs_periods_total{namespace=\"TEAM\"}[100s])) > 0.25",
    "container_memory_working_set_bytes{namespace=\"TEAM\"} / on (namespace, pod, container) \
     kube_pod_container_resource_limits{namespace=\"TEAM\",resource=\"memory\"} > 0.9",
    "kube_deployment_status_replicas_available{namespace=\"TEAM\"} != kube_deployment_spec_replicas{namespace=\"TEAM\"}",
    "sum by (service) (rate(http_requests_total{service=\"SERVICE\",code=~\"5..\"}[100s])) \
     / sum by (service) (rate(http_requests_total{service=\"SERVICE\"}[100s])) > 0.05",
    "histogram_quantile(0.99, sum by (le, service) \
     (rate(http_request_duration_seconds_bucket{service=\"SERVICE\"}[100s]))) > 20",
];

/// A rule file with so many alerting rules, twenty a group.
pub fn rules(count: usize) -> String {
    let mut file = String::from("groups:\n");
    for rule in 0..count {
        if rule.is_multiple_of(20) {
            let _ = writeln!(file, "- name: group-{:04}\n  rules:", rule / 20);
        }
        let (kind, nth) = (rule % EXPRESSIONS.len(), rule / EXPRESSIONS.len());
        let expr = EXPRESSIONS[kind]
            .replace("NODE", &format!("node-{:04}", nth % NODES))
            .replace("TEAM", &format!("team-{:03}", nth % TEAMS))
            .replace("SERVICE", &format!("svc-{:04}", nth % SERVICES));
        let _ = writeln!(file, "  - alert: Rule{rule}\n    expr: '{expr}'\n    for: 5m");
        let _ = writeln!(file, "    labels: {{severity: warning}}");
        let _ = writeln!(file, "    annotations: {{summary: 'It is so at {{{{ $labels.instance }}}}'}}");
    }
    file
}
