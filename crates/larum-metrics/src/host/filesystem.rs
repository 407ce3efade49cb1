//! Space and inodes of mounted file systems.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::{fs, io};

use super::{CollectError, HostPaths, Readings, flag};

/// File systems that hold no data of anybody (node_exporter, `filesystem_linux.go`, excluded types).
const PSEUDO: [&str; 30] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "erofs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "nullfs",
    "overlay",
    "proc",
    "procfs",
    "pstore",
    "ramfs",
    "rootfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tracefs",
    "fuse.lxcfs",
];

/// File systems whose server may be gone: asking for their space could hang for ever, so nobody asks. What a process
/// of this machine serves (FUSE) is no better.
const NETWORK: [&str; 17] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// Mount points left out, with everything below (node_exporter, excluded mount points).
const SYSTEM_FOLDERS: [&str; 3] = ["/dev", "/proc", "/sys"];
const CONTAINER_FOLDERS: [&str; 3] =
    ["/run/credentials/", "/var/lib/docker/", "/var/lib/containers/storage/"];

struct Mount {
    /// Where it is mounted: any bytes, while a label is text.
    path: OsString,
    device: String,
    kind: String,
    read_only: bool,
}

pub(super) fn filesystem(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    for (point, mount) in parse(&read_mounts(paths)?) {
        let labels = [("device", mount.device.as_str()), ("fstype", &mount.kind), ("mountpoint", &point)];
        let stat = rustix::fs::statvfs(paths.root.join(mount.path));
        out.add("node_filesystem_device_error", &labels, flag(stat.is_err()));
        out.add("node_filesystem_readonly", &labels, flag(mount.read_only));
        let Ok(stat) = stat else { continue };
        let bytes = |blocks: u64| blocks as f64 * stat.f_frsize as f64;
        out.add("node_filesystem_size_bytes", &labels, bytes(stat.f_blocks));
        out.add("node_filesystem_free_bytes", &labels, bytes(stat.f_bfree));
        out.add("node_filesystem_avail_bytes", &labels, bytes(stat.f_bavail));
        out.add("node_filesystem_files", &labels, stat.f_files as f64);
        out.add("node_filesystem_files_free", &labels, stat.f_ffree as f64);
    }
    Ok(())
}

/// The first process sees the host's mounts; without the right to look there, ours will do.
fn read_mounts(paths: &HostPaths) -> Result<Vec<u8>, CollectError> {
    let own = paths.proc.join("self/mounts");
    let read = |error: io::Error| CollectError::Read { path: own.clone(), error };
    fs::read(paths.proc.join("1/mounts")).or_else(|_| fs::read(&own)).map_err(read)
}

/// What is mounted where and may be asked for its space; of several mounts on one point only the last is to be seen.
/// A line that is none hides no other.
fn parse(text: &[u8]) -> BTreeMap<String, Mount> {
    let (mut mounts, mut remote) = (BTreeMap::new(), BTreeSet::new());
    for line in text.split(|byte| *byte == b'\n') {
        // Exactly one blank stands between them, also behind a device without a name.
        let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
        let [device, point, kind, options, ..] = words[..] else { continue };
        let (bytes, kind) = (unescaped(point), shown(kind));
        let point = shown(&bytes);
        mounts.remove(&point);
        remote.remove(&point);
        if is_wanted(&point, &kind) {
            let read_only = options.split(|byte| *byte == b',').any(|option| option == b"ro");
            let path = OsString::from_vec(bytes.strip_prefix(b"/").unwrap_or(&bytes).to_vec());
            mounts.insert(point, Mount { path, device: shown(&unescaped(device)), kind, read_only });
        } else if is_remote(&kind) && point != "/" {
            remote.insert(point);
        }
    }
    mounts.retain(|point, _| !remote.iter().any(|folder| is_in(point, folder)));
    mounts
}

/// As a label shows it: what is no UTF-8 becomes U+FFFD.
fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// File systems that a virtual machine shares with its host: as root they are always there.
const SHARED_WITH_HOST: [&str; 2] = ["9p", "virtiofs"];

/// Whether a file system is worth a look and safe to ask. The root always is worth one: in a container it is an
/// overlay, and the only file system there is.
fn is_wanted(point: &str, kind: &str) -> bool {
    if point == "/" {
        return !is_remote(kind) || SHARED_WITH_HOST.contains(&kind);
    }
    !(is_remote(kind)
        || PSEUDO.contains(&kind)
        || SYSTEM_FOLDERS.into_iter().any(|folder| is_in(point, folder))
        || CONTAINER_FOLDERS.iter().any(|folder| point.starts_with(folder)))
}

/// Whether the answer comes from another process or machine, which may be gone.
fn is_remote(kind: &str) -> bool {
    NETWORK.contains(&kind) || ["fuse", "fuseblk"].contains(&kind) || kind.starts_with("fuse.")
}

/// Whether a point is this folder or below it.
fn is_in(point: &str, folder: &str) -> bool {
    point.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The bytes with the kernel's `\040` for a space and its like undone (fstab(5)).
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let digits = after.first_chunk::<3>().filter(|_| *first == b'\\');
        let code = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        out.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[3..] } else { after };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_wanted_and_machinery_is_not() {
        assert!(is_wanted("/", "ext4"));
        assert!(is_wanted("/", "overlay"));
        assert!(is_wanted("/run", "tmpfs"));
        assert!(is_wanted("/data", "xfs"));
        assert!(is_wanted("/devices", "ext4"));
        assert!(!is_wanted("/dev/shm", "tmpfs"));
        assert!(!is_wanted("/proc", "proc"));
        assert!(!is_wanted("/var/lib/docker/overlay2/x", "overlay"));
        assert!(!is_wanted("/run/credentials/x", "tmpfs"));
    }

    #[test]
    fn nobody_asks_a_server_that_may_be_gone() {
        for kind in ["nfs4", "cifs", "ceph", "fuse.sshfs", "fuse.s3fs", "fuse", "fuseblk"] {
            assert!(!is_wanted("/mnt", kind), "{kind}");
        }
    }

    #[test]
    fn spaces_in_names_come_back() {
        assert_eq!(unescaped(br"/mnt/my\040disk\134x"), br"/mnt/my disk\x");
        assert_eq!(unescaped(br"/mnt/odd\9"), br"/mnt/odd\9");
    }
}
