//! What a policy made from a template is made from; how that becomes an expression is said elsewhere.

use std::fmt;

use crate::policy::refused::{PolicyError, PolicyField};
use crate::policy::target::{Target, TargetKind};

/// What a template measures on a node or a workload.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Metric {
    /// CPU time in use on a node, in percent of all its cores.
    Cpu,
    /// Tasks of a node that run or wait, on average over one minute, per core.
    Load1,
    /// The same over five minutes.
    Load,
    /// The same over fifteen minutes.
    Load15,
    /// Memory in use on a node, in percent.
    Memory,
    /// Memory of a node that is still to be had, in GiB.
    AvailableMemory,
    /// Disk space in use on a file system, in percent.
    Disk,
    /// Disk space of a file system that is still to be had, in GiB.
    AvailableDisk,
    /// Inodes in use on a file system, in percent.
    Inodes,
    /// Reads that a disk completes in a second.
    DiskReads,
    /// Writes that a disk completes in a second.
    DiskWrites,
    /// What is read from a disk, in MB/s.
    DiskReadRate,
    /// What is written to a disk, in MB/s.
    DiskWriteRate,
    /// What a network interface of a node sends, in Mbit/s.
    NetworkSent,
    /// What a network interface of a node receives, in Mbit/s.
    NetworkReceived,
    /// Pods of a node that are neither ready nor done, in percent.
    AbnormalPods,
    /// Pods that run on a node, in percent of those that it has room for.
    PodUsage,
    /// CPU time that a workload uses, in cores.
    WorkloadCpu,
    /// Memory that a workload uses, cache included, in MiB.
    WorkloadMemory,
    /// Memory that a workload uses and that could not be taken from it, in MiB.
    WorkloadWorkingSet,
    /// What the pods of a workload send, in Mbit/s.
    WorkloadSent,
    /// What the pods of a workload receive, in Mbit/s.
    WorkloadReceived,
    /// Replicas that a workload is to have and that are not available, in percent.
    UnavailableReplicas,
}

impl Metric {
    /// Every metric, in the order in which they are offered.
    pub const ALL: [Self; 23] = [
        Self::Cpu,
        Self::Load1,
        Self::Load,
        Self::Load15,
        Self::Memory,
        Self::AvailableMemory,
        Self::Disk,
        Self::AvailableDisk,
        Self::Inodes,
        Self::DiskReads,
        Self::DiskWrites,
        Self::DiskReadRate,
        Self::DiskWriteRate,
        Self::NetworkSent,
        Self::NetworkReceived,
        Self::AbnormalPods,
        Self::PodUsage,
        Self::WorkloadCpu,
        Self::WorkloadMemory,
        Self::WorkloadWorkingSet,
        Self::WorkloadSent,
        Self::WorkloadReceived,
        Self::UnavailableReplicas,
    ];

    /// The word under which it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Load1 => "load1",
            Self::Load => "load",
            Self::Load15 => "load15",
            Self::Memory => "memory",
            Self::AvailableMemory => "available_memory",
            Self::Disk => "disk",
            Self::AvailableDisk => "available_disk",
            Self::Inodes => "inodes",
            Self::DiskReads => "disk_reads",
            Self::DiskWrites => "disk_writes",
            Self::DiskReadRate => "disk_read_rate",
            Self::DiskWriteRate => "disk_write_rate",
            Self::NetworkSent => "network_sent",
            Self::NetworkReceived => "network_received",
            Self::AbnormalPods => "abnormal_pods",
            Self::PodUsage => "pod_usage",
            Self::WorkloadCpu => "workload_cpu",
            Self::WorkloadMemory => "workload_memory",
            Self::WorkloadWorkingSet => "workload_working_set",
            Self::WorkloadSent => "workload_sent",
            Self::WorkloadReceived => "workload_received",
            Self::UnavailableReplicas => "unavailable_replicas",
        }
    }

    /// The metric stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.as_str() == word)
    }

    /// Whether it is measured on nodes or on workloads.
    pub const fn target_kind(self) -> TargetKind {
        match self {
            Self::WorkloadCpu
            | Self::WorkloadMemory
            | Self::WorkloadWorkingSet
            | Self::WorkloadSent
            | Self::WorkloadReceived
            | Self::UnavailableReplicas => TargetKind::Workloads,
            _ => TargetKind::Nodes,
        }
    }
}

/// How what is measured is compared with the threshold, in PromQL's signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparator {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparator {
    /// Every comparator, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Greater, Self::GreaterOrEqual, Self::Less, Self::LessOrEqual, Self::Equal, Self::NotEqual];

    /// PromQL's sign for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// The comparator with this sign.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|comparator| comparator.as_str() == sign)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// *Memory usage of node web-1 > 90 %*, as chosen in a form.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// What is looked at.
    pub target: Target,
    /// What is measured.
    pub metric: Metric,
    /// How it is compared.
    pub comparator: Comparator,
    /// With what, in the metric's unit; finite.
    pub threshold: f64,
}

impl Template {
    /// A template for every node, or for every Deployment.
    pub const fn of_all(metric: Metric, comparator: Comparator, threshold: f64) -> Self {
        Self { target: Target::all(metric.target_kind()), metric, comparator, threshold }
    }

    /// Whether its parts fit together; what thresholds make sense for a metric is not known here.
    ///
    /// # Errors
    /// A [`PolicyError`] for the first part that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        self.target.check()?;
        if self.target.kind() != self.metric.target_kind() {
            let message = match self.metric.target_kind() {
                TargetKind::Nodes => "This metric is measured on nodes: choose nodes.",
                TargetKind::Workloads => "This metric is measured on workloads: choose workloads.",
            };
            return Err(PolicyError::Other { field: PolicyField::Target, message: message.into() });
        }
        if self.threshold.is_finite() { Ok(()) } else { Err(PolicyError::Threshold) }
    }
}
