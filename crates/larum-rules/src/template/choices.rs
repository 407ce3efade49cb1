//! The metrics that a policy can be made from.

use larum_core::policy::Comparator::{Greater, Less};
use larum_core::policy::Metric;

use super::choice::Measured::{Machine, Pods, Replicas, Used};
use super::choice::MetricChoice;
use super::choice::Thing::{Disk, FileSystem, Interface, Node};
use crate::measure::Unit;

/// A ratio of parts in use, above which somebody wants to know.
const PERCENT: MetricChoice = MetricChoice {
    metric: Metric::Cpu,
    title: "",
    description: "",
    unit: Unit::Percent,
    comparator: Greater,
    threshold: 85.0,
    least: 0.0,
    most: 100.0,
    integer: false,
    measured: Replicas,
};

/// How long tasks queue, for each core.
const LOAD: MetricChoice = MetricChoice { unit: Unit::Number, threshold: 2.0, most: 10_000.0, ..PERCENT };

/// How much is left, in GiB.
const LEFT: MetricChoice =
    MetricChoice { unit: Unit::Gibibytes, comparator: Less, threshold: 1.0, most: 1_048_576.0, ..PERCENT };

/// How often a disk does something.
const OPERATIONS: MetricChoice =
    MetricChoice { unit: Unit::PerSecond, threshold: 5_000.0, most: 100_000_000.0, integer: true, ..PERCENT };

/// How much goes to or from a disk.
const DISK_RATE: MetricChoice =
    MetricChoice { unit: Unit::MegabytesPerSecond, threshold: 200.0, most: 1_000_000.0, ..PERCENT };

/// How much goes over a network.
const NETWORK_RATE: MetricChoice =
    MetricChoice { unit: Unit::MegabitsPerSecond, threshold: 800.0, most: 10_000_000.0, ..PERCENT };

/// Memory of a workload.
const WORKLOAD_MEMORY: MetricChoice = MetricChoice {
    unit: Unit::Mebibytes,
    threshold: 1_024.0,
    most: 1_073_741_824.0,
    integer: true,
    ..PERCENT
};

/// The metrics that a policy can be made from, in the order of [`Metric::ALL`], in which they are offered.
///
/// Those of a machine take away only the labels that they sum over, so that they work with whatever labels a source
/// gives its nodes. Nothing is summed over disks or network interfaces, where the same bytes pass through several
/// (partitions and volumes, bridges and bonds). Those from Kubernetes keep only the labels that say what is meant,
/// so that an alert lives on when kube-state-metrics restarts elsewhere, and count a container once however often it
/// is scraped.
///
/// CPU usage is a ratio of rates: both are as far off while a source is younger than five minutes, and their ratio is
/// right. File systems that are never written to are full by nature and left out.
pub const METRIC_CHOICES: [MetricChoice; 23] = [
    MetricChoice {
        metric: Metric::Cpu,
        title: "CPU usage",
        description: "CPU time in use on a node, of all its cores together, over the last five minutes.",
        threshold: 80.0,
        measured: Machine(
            Node,
            concat!(
                r#"100 * (1 - sum without (cpu, mode) (rate(node_cpu_seconds_total{mode=~"idle|iowait",@}[5m]))"#,
                " / sum without (cpu, mode) (rate(node_cpu_seconds_total{@}[5m])))"
            ),
        ),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::Load1,
        title: "Load per core over 1 minute",
        description: "Tasks of a node that run or wait, on average over one minute, for each of its cores.",
        measured: Machine(
            Node,
            r#"node_load1{@} / count without (cpu, mode) (node_cpu_seconds_total{mode="idle",@})"#,
        ),
        ..LOAD
    },
    MetricChoice {
        metric: Metric::Load,
        title: "Load per core",
        description: "Tasks of a node that run or wait, on average over five minutes, for each of its cores.",
        measured: Machine(
            Node,
            r#"node_load5{@} / count without (cpu, mode) (node_cpu_seconds_total{mode="idle",@})"#,
        ),
        ..LOAD
    },
    MetricChoice {
        metric: Metric::Load15,
        title: "Load per core over 15 minutes",
        description: "Tasks of a node that run or wait, on average over a quarter of an hour, for each of its cores.",
        measured: Machine(
            Node,
            r#"node_load15{@} / count without (cpu, mode) (node_cpu_seconds_total{mode="idle",@})"#,
        ),
        ..LOAD
    },
    MetricChoice {
        metric: Metric::Memory,
        title: "Memory usage",
        description: "Memory of a node that is in use and could not be freed for something else.",
        threshold: 90.0,
        measured: Machine(
            Node,
            "100 * (1 - node_memory_MemAvailable_bytes{@} / node_memory_MemTotal_bytes{@})",
        ),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::AvailableMemory,
        title: "Available memory",
        description: "Memory of a node that is free or could be freed for something else.",
        measured: Machine(Node, "node_memory_MemAvailable_bytes{@} / 1024 ^ 3"),
        ..LEFT
    },
    MetricChoice {
        metric: Metric::Disk,
        title: "Disk usage",
        description: "Space of a file system that is in use or kept back for the system.",
        measured: Machine(
            FileSystem,
            r#"100 * (1 - node_filesystem_avail_bytes{fstype!~"squashfs|iso9660|erofs|ramfs",@} / node_filesystem_size_bytes{@})"#,
        ),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::AvailableDisk,
        title: "Available disk space",
        description: "Space of a file system that can still be written to. File systems in memory, and small ones under /boot, are left out.",
        threshold: 5.0,
        measured: Machine(
            FileSystem,
            r#"node_filesystem_avail_bytes{fstype!~"squashfs|iso9660|erofs|ramfs|tmpfs",mountpoint!~"/boot(/.*)?",@} / 1024 ^ 3"#,
        ),
        ..LEFT
    },
    MetricChoice {
        metric: Metric::Inodes,
        title: "Inode usage",
        description: "Inodes of a file system that are in use: how many more files fit into it.",
        measured: Machine(
            FileSystem,
            r#"100 * (1 - node_filesystem_files_free{fstype!~"squashfs|iso9660|erofs|ramfs",@} / (node_filesystem_files{@} > 0))"#,
        ),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::DiskReads,
        title: "Disk read IOPS",
        description: "Reads that a disk completes in a second, over the last five minutes.",
        measured: Machine(Disk, "rate(node_disk_reads_completed_total{@}[5m])"),
        ..OPERATIONS
    },
    MetricChoice {
        metric: Metric::DiskWrites,
        title: "Disk write IOPS",
        description: "Writes that a disk completes in a second, over the last five minutes.",
        measured: Machine(Disk, "rate(node_disk_writes_completed_total{@}[5m])"),
        ..OPERATIONS
    },
    MetricChoice {
        metric: Metric::DiskReadRate,
        title: "Disk read rate",
        description: "What is read from a disk, in megabytes (10⁶ bytes) a second, over the last five minutes.",
        measured: Machine(Disk, "rate(node_disk_read_bytes_total{@}[5m]) / 1e6"),
        ..DISK_RATE
    },
    MetricChoice {
        metric: Metric::DiskWriteRate,
        title: "Disk write rate",
        description: "What is written to a disk, in megabytes (10⁶ bytes) a second, over the last five minutes.",
        measured: Machine(Disk, "rate(node_disk_written_bytes_total{@}[5m]) / 1e6"),
        ..DISK_RATE
    },
    MetricChoice {
        metric: Metric::NetworkSent,
        title: "Network sending rate",
        description: "What a network interface of a node sends, in megabits (10⁶ bits) a second, over the last five minutes. The interfaces of pods are left out.",
        measured: Machine(
            Interface,
            r#"rate(node_network_transmit_bytes_total{device!~"lo|(veth|cali|lxc).*",@}[5m]) * 8 / 1e6"#,
        ),
        ..NETWORK_RATE
    },
    MetricChoice {
        metric: Metric::NetworkReceived,
        title: "Network receiving rate",
        description: "What a network interface of a node receives, in megabits (10⁶ bits) a second, over the last five minutes. The interfaces of pods are left out.",
        measured: Machine(
            Interface,
            r#"rate(node_network_receive_bytes_total{device!~"lo|(veth|cali|lxc).*",@}[5m]) * 8 / 1e6"#,
        ),
        ..NETWORK_RATE
    },
    MetricChoice {
        metric: Metric::AbnormalPods,
        title: "Abnormal pod ratio",
        description: "Pods of a node that are not ready, of those that have not succeeded.",
        threshold: 20.0,
        measured: Pods(concat!(
            r#"100 * avg by (cluster, node) (max by (cluster, namespace, pod, node) (kube_pod_info{node!="",@})"#,
            " * on (cluster, namespace, pod) group_left ()",
            r#" (1 - max by (cluster, namespace, pod) (kube_pod_status_ready{condition="true"}))"#,
            r#" unless on (cluster, namespace, pod) kube_pod_status_phase{phase="Succeeded"} == 1)"#
        )),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::PodUsage,
        title: "Pod usage",
        description: "Pods that run on a node, of those that it has room for.",
        threshold: 90.0,
        measured: Pods(concat!(
            r#"100 * sum by (cluster, node) (max by (cluster, namespace, pod, node) (kube_pod_info{node!="",@})"#,
            " * on (cluster, namespace, pod) group_left ()",
            r#" max by (cluster, namespace, pod) (kube_pod_status_phase{phase="Running"}))"#,
            r#" / max by (cluster, node) (kube_node_status_capacity{resource="pods",@})"#
        )),
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::WorkloadCpu,
        title: "CPU consumption",
        description: "CPU time that the containers of a workload use, in cores, over the last five minutes.",
        unit: Unit::Cores,
        threshold: 1.0,
        most: 100_000.0,
        measured: Used {
            by_pod: concat!(
                "max by (cluster, namespace, pod, container) ",
                r#"(rate(container_cpu_usage_seconds_total{container!="",container!="POD",@}[5m]))"#
            ),
            scale: "",
        },
        ..PERCENT
    },
    MetricChoice {
        metric: Metric::WorkloadMemory,
        title: "Memory with cache",
        description: "Memory that the containers of a workload use, with what the system caches of their files.",
        measured: Used {
            by_pod: concat!(
                "max by (cluster, namespace, pod, container) ",
                r#"(container_memory_usage_bytes{container!="",container!="POD",@})"#
            ),
            scale: " / 1024 ^ 2",
        },
        ..WORKLOAD_MEMORY
    },
    MetricChoice {
        metric: Metric::WorkloadWorkingSet,
        title: "Memory without cache",
        description: "Memory that the containers of a workload use and that could not be taken from them: what counts against their limits.",
        measured: Used {
            by_pod: concat!(
                "max by (cluster, namespace, pod, container) ",
                r#"(container_memory_working_set_bytes{container!="",container!="POD",@})"#
            ),
            scale: " / 1024 ^ 2",
        },
        ..WORKLOAD_MEMORY
    },
    MetricChoice {
        metric: Metric::WorkloadSent,
        title: "Sending rate",
        description: "What the pods of a workload send, in megabits (10⁶ bits) a second, over the last five minutes. A pod in the network of its node has all that the node sends.",
        measured: Used {
            by_pod: concat!(
                "max by (cluster, namespace, pod, interface) ",
                r#"(rate(container_network_transmit_bytes_total{pod!="",@}[5m]))"#
            ),
            scale: " * 8 / 1e6",
        },
        threshold: 100.0,
        ..NETWORK_RATE
    },
    MetricChoice {
        metric: Metric::WorkloadReceived,
        title: "Receiving rate",
        description: "What the pods of a workload receive, in megabits (10⁶ bits) a second, over the last five minutes. A pod in the network of its node has all that the node receives.",
        measured: Used {
            by_pod: concat!(
                "max by (cluster, namespace, pod, interface) ",
                r#"(rate(container_network_receive_bytes_total{pod!="",@}[5m]))"#
            ),
            scale: " * 8 / 1e6",
        },
        threshold: 100.0,
        ..NETWORK_RATE
    },
    MetricChoice {
        metric: Metric::UnavailableReplicas,
        title: "Unavailable replica ratio",
        description: "Replicas that a workload is to have and that are not available, of all that it is to have.",
        threshold: 0.0,
        measured: Replicas,
        ..PERCENT
    },
];
