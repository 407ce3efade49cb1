//! Text in the manner of node_exporter.

use larum_metrics::exposition::Format;

use super::support::{read, samples};

/// The forms that node_exporter's answer has, in few lines.
pub const EXCERPT: &str = r#"# HELP go_gc_duration_seconds A summary of the wall-time pause duration in garbage collection cycles.
# TYPE go_gc_duration_seconds summary
go_gc_duration_seconds{quantile="0"} 2.1041e-05
go_gc_duration_seconds{quantile="0.5"} 3.7e-05
go_gc_duration_seconds{quantile="1"} 0.001200459
go_gc_duration_seconds_sum 0.41
go_gc_duration_seconds_count 8123
# HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} 1.28761034e+06
node_cpu_seconds_total{cpu="0",mode="iowait"} 812.4
# HELP node_filesystem_avail_bytes Filesystem space available to non-root users in bytes.
# TYPE node_filesystem_avail_bytes gauge
node_filesystem_avail_bytes{device="/dev/sda1",device_error="",fstype="ext4",mountpoint="/"} 8.113696768e+09
# HELP node_network_speed_bytes Network device property: speed_bytes
# TYPE node_network_speed_bytes gauge
node_network_speed_bytes{device="wlan0"} -125000
# HELP node_scrape_collector_duration_seconds node_exporter: Duration of a collector scrape.
# TYPE node_scrape_collector_duration_seconds gauge
node_scrape_collector_duration_seconds{collector="arp"} 8.05e-05
# HELP node_systemd_unit_state Systemd unit
# TYPE node_systemd_unit_state gauge
node_systemd_unit_state{name="dev-disk-by\\x2dlabel.device",state="active",type=""} 1
# HELP node_textfile_scrape_error 1 if there was an error opening or reading a file, 0 otherwise
# TYPE node_textfile_scrape_error gauge
node_textfile_scrape_error 0
# HELP promhttp_metric_handler_requests_total Total number of scrapes by HTTP status code.
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total{code="200"} 37
"#;

#[test]
fn an_excerpt_in_node_exporters_manner_is_read() {
    assert_eq!(samples(Format::Text, EXCERPT).len(), 13);
    let said = read(Format::Text, EXCERPT);
    let expected = [
        r#"go_gc_duration_seconds{quantile="0.0"} 0.000021041"#,
        "go_gc_duration_seconds_count{} 8123",
        r#"node_cpu_seconds_total{cpu="0", mode="idle"} 1287610.34"#,
        r#"node_filesystem_avail_bytes{device="/dev/sda1", fstype="ext4", mountpoint="/"} 8113696768"#,
        r#"node_network_speed_bytes{device="wlan0"} -125000"#,
        r#"node_systemd_unit_state{name="dev-disk-by\\x2dlabel.device", state="active"} 1"#,
        r#"node_scrape_collector_duration_seconds means "node_exporter: Duration of a collector scrape.""#,
    ];
    for line in expected {
        assert!(said.iter().any(|said| said == line), "{line} is missing in {said:#?}");
    }
}
