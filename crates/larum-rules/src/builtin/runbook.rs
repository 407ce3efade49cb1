//! The pages that say what to do about the alerts of the built-in policies, one for each name of a policy.

/// The pages of `runbooks/`, each with its name.
macro_rules! pages {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../runbooks/", $name, ".md")))),*]
    };
}

const PAGES: &[(&str, &str)] = pages![
    "NodeCPUHighUsage",
    "NodeSystemSaturation",
    "NodeMemoryHighUtilization",
    "NodeMemoryMajorPagesFaults",
    "NodeOOMKill",
    "NodeCPUStealHigh",
    "NodeMemoryStalled",
    "NodeMemoryErrors",
    "NodeNetworkReceiveErrs",
    "NodeNetworkTransmitErrs",
    "NodeNetworkInterfaceFlapping",
    "NodeHighNumberConntrackEntriesUsed",
    "NodeFileDescriptorLimit",
    "NodeClockSkewDetected",
    "NodeClockNotSynchronising",
    "NodeRebooted",
    "NodeSystemdServiceFailed",
    "KubeNodeNotReady",
    "KubeNodePressure",
    "KubeNodeReadinessFlapping",
    "KubeNodeCordoned",
    "KubeletTooManyPods",
    "KubePodCrashLooping",
    "KubePodRestarting",
    "KubePodNotReady",
    "KubePodUnschedulable",
    "KubePodStuckTerminating",
    "KubeContainerWaiting",
    "KubeContainerImagePullFailing",
    "KubeContainerConfigError",
    "KubeContainerOOMKilled",
    "KubeContainerMemoryNearLimit",
    "CPUThrottlingHigh",
    "KubeDeploymentReplicasMismatch",
    "KubeDeploymentUnavailable",
    "KubeDeploymentRolloutStuck",
    "KubeStatefulSetReplicasMismatch",
    "KubeStatefulSetUnavailable",
    "KubeStatefulSetUpdateNotRolledOut",
    "KubeDaemonSetRolloutStuck",
    "KubeDaemonSetNotScheduled",
    "KubeJobFailed",
    "KubeJobNotCompleted",
    "KubeCronJobOverdue",
    "KubeHpaMaxedOut",
    "KubeHpaCannotScale",
    "KubePdbNotEnoughHealthyPods",
    "KubeCPUOvercommit",
    "KubeMemoryOvercommit",
    "KubeQuotaAlmostFull",
    "KubeQuotaFullyUsed",
    "NodeFilesystemAlmostOutOfSpace",
    "NodeFilesystemSpaceFillingUp",
    "NodeFilesystemReadOnly",
    "NodeFilesystemAlmostOutOfFiles",
    "NodeFilesystemDeviceError",
    "NodeDiskIOSaturation",
    "NodeRAIDDegraded",
    "NodeRAIDDiskFailure",
    "KubePersistentVolumeFillingUp",
    "KubePersistentVolumeInodesFillingUp",
    "KubePersistentVolumeErrors",
    "KubePersistentVolumeClaimPending",
    "KubePersistentVolumeClaimLost",
    "TargetDown",
    "Watchdog",
];

/// The page about the alerts of this name, in Markdown; none if no built-in policy has the name.
pub fn runbook(name: &str) -> Option<&'static str> {
    runbooks().find(|(known, _)| *known == name).map(|(_, page)| page)
}

/// Every page with the name of its alerts.
pub fn runbooks() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().copied()
}
