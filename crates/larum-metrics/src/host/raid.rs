//! `/proc/mdstat`: software RAID.

use super::{CollectError, HostPaths, Readings, flag, read};

/// One array as the kernel shows it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Array {
    name: String,
    active: bool,
    required: u64,
    working: u64,
    failed: u64,
    spare: u64,
    state: &'static str,
}

/// States node_exporter tells apart; an array is in one of them.
const STATES: [&str; 5] = ["active", "inactive", "recovering", "resync", "check"];

pub(super) fn arrays(paths: &HostPaths, out: &mut Readings) -> Result<(), CollectError> {
    for array in parse(&read(&paths.proc.join("mdstat"))?) {
        for state in STATES {
            out.add(
                "node_md_state",
                &[("device", &array.name), ("state", state)],
                flag(array.state == state),
            );
        }
        let counts = [("active", array.working), ("failed", array.failed), ("spare", array.spare)];
        for (state, count) in counts {
            out.add("node_md_disks", &[("device", &array.name), ("state", state)], count as f64);
        }
        out.add("node_md_disks_required", &[("device", &array.name)], array.required as f64);
    }
    Ok(())
}

/// The arrays: a line `md0 : active raid1 sdb1[1] sda1[0](F)`, then lines that belong to it.
fn parse(text: &str) -> Vec<Array> {
    let mut arrays: Vec<Array> = Vec::new();
    for line in text.lines() {
        if let Some((name, members)) = line.split_once(" : ").filter(|(name, _)| name.starts_with("md")) {
            arrays.push(array(name, members));
        } else if let (Some(array), true) = (arrays.last_mut(), line.starts_with(' ')) {
            belongs(array, line);
        }
    }
    arrays
}

fn array(name: &str, members: &str) -> Array {
    let disks = || members.split_ascii_whitespace().filter(|word| word.contains('['));
    let marked = |mark: &str| disks().filter(|disk| disk.ends_with(mark)).count() as u64;
    let (failed, spare) = (marked("(F)"), marked("(S)"));
    let working = disks().count() as u64 - failed - spare;
    let active = members.starts_with("active");
    let state = if active { "active" } else { "inactive" };
    Array { name: name.trim().to_owned(), active, required: working, working, failed, spare, state }
}

/// `… [2/1] [U_]` says how many disks there should be and how many work; a second line what is going on.
fn belongs(array: &mut Array, line: &str) {
    let counts = line.split(['[', ']']).find_map(|part| {
        let (required, working) = part.split_once('/')?;
        Some((required.parse().ok()?, working.parse().ok()?))
    });
    if let Some((required, working)) = counts {
        (array.required, array.working) = (required, working);
    }
    let doing = [("recovery", "recovering"), ("resync", "resync"), ("check", "check")];
    for (word, state) in doing {
        if array.active && line.contains(&format!("{word} =")) {
            array.state = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MDSTAT: &str = "\
Personalities : [raid1] [raid6] [raid5] [raid4]
md0 : active raid1 sdb1[1](F) sda1[0]
      1048512 blocks super 1.2 [2/1] [U_]

md1 : active raid5 sdd1[3](S) sdc1[2] sdb2[1] sda2[0]
      2097024 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/3] [UUU]
      [==>..................]  recovery = 12.6% (132096/1048512) finish=0.1min speed=132096K/sec

md2 : inactive sde1[0]
      1048512 blocks

unused devices: <none>
";

    #[test]
    fn arrays_are_read_with_their_disks_and_what_they_do() {
        let arrays = parse(MDSTAT);
        let shown: Vec<_> = arrays
            .iter()
            .map(|a| (a.name.as_str(), a.state, a.required, a.working, a.failed, a.spare))
            .collect();
        assert_eq!(
            shown,
            [
                ("md0", "active", 2, 1, 1, 0),
                ("md1", "recovering", 3, 3, 0, 1),
                ("md2", "inactive", 1, 1, 0, 0)
            ]
        );
    }
}
