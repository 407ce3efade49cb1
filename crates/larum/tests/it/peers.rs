//! Other programs that Larum is tested with; `cargo xtask test` installs them and says where they are.

use std::path::PathBuf;

fn provided(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| {
        panic!("{variable} is not set: run `cargo xtask test`, which installs what it names")
    })
    .into()
}

/// Prometheus itself.
pub fn prometheus() -> PathBuf {
    provided("LARUM_TEST_PROMETHEUS")
}

/// Alertmanager itself.
pub fn alertmanager() -> PathBuf {
    provided("LARUM_TEST_ALERTMANAGER")
}

/// Alertmanager's command-line client.
pub fn amtool() -> PathBuf {
    provided("LARUM_TEST_AMTOOL")
}

/// A Python, for what no client of Larum would do to its database.
pub fn python() -> PathBuf {
    provided("LARUM_TEST_PYTHON")
}
