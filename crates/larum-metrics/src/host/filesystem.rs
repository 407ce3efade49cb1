//! Space and inodes of mounted file systems.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use super::{CollectError, HostPaths, Readings, flag, malformed};

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

/// File systems whose server may be gone: asking for their space could hang for ever, so nobody asks.
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
    device: String,
    kind: String,
    read_only: bool,
}

pub(super) fn filesystem(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    for (point, mount) in mounts(paths)? {
        let labels = [("device", mount.device.as_str()), ("fstype", &mount.kind), ("mountpoint", &point)];
        let below_root = point.trim_start_matches('/');
        let stat = rustix::fs::statvfs(paths.root.join(below_root));
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

/// What is mounted where; of several mounts on one point only the last is to be seen.
fn mounts(paths: &HostPaths) -> Result<BTreeMap<String, Mount>, CollectError> {
    // The first process sees the host's mounts; without the right to look there, ours will do.
    let path = paths.proc.join("1/mounts");
    let (path, file) = match File::open(&path) {
        Ok(file) => (path, file),
        Err(_) => {
            let path = paths.proc.join("self/mounts");
            let file = File::open(&path).map_err(|error| CollectError::Read { path: path.clone(), error })?;
            (path, file)
        }
    };
    let mut mounts = BTreeMap::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| CollectError::Read { path: path.clone(), error })?;
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let [device, point, kind, options, ..] = words[..] else {
            return Err(malformed(&path, format!("{line:?} is no mount")));
        };
        let point = unescaped(point);
        mounts.remove(&point);
        if is_wanted(&point, kind) {
            let read_only = options.split(',').any(|option| option == "ro");
            mounts.insert(point, Mount { device: unescaped(device), kind: kind.to_owned(), read_only });
        }
    }
    Ok(mounts)
}

/// File systems that a virtual machine shares with its host: as root they are always there.
const SHARED_WITH_HOST: [&str; 2] = ["9p", "virtiofs"];

/// Whether a file system is worth a look and safe to ask. The root always is worth one: in a container it is an
/// overlay, and the only file system there is.
fn is_wanted(point: &str, kind: &str) -> bool {
    let remote = NETWORK.contains(&kind) || (kind.starts_with("fuse.") && kind != "fuse.fuseblk");
    if point == "/" {
        return !remote || SHARED_WITH_HOST.contains(&kind);
    }
    let system = |folder: &str| {
        point.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    !(remote
        || PSEUDO.contains(&kind)
        || SYSTEM_FOLDERS.into_iter().any(system)
        || CONTAINER_FOLDERS.iter().any(|folder| point.starts_with(folder)))
}

/// The text with the kernel's `\040` for a space and its like undone (fstab(5)).
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        match after.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &after[3..];
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out.push_str(rest);
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
        for kind in ["nfs4", "cifs", "ceph", "fuse.sshfs", "fuse.s3fs"] {
            assert!(!is_wanted("/mnt", kind), "{kind}");
        }
    }

    #[test]
    fn spaces_in_names_come_back() {
        assert_eq!(unescaped(r"/mnt/my\040disk\134x"), r"/mnt/my disk\x");
        assert_eq!(unescaped(r"/mnt/odd\9"), r"/mnt/odd\9");
    }
}
