//! What a service manager is told (systemd, sd_notify(3)): that Larum is ready, and that it stops.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Says that Larum is ready: what is posted from now on is accepted.
pub fn ready() {
    say("READY=1");
}

/// Says that Larum begins to stop.
pub fn stopping() {
    say("STOPPING=1");
}

/// Tells whoever asked to be told, if anybody did.
fn say(words: &str) {
    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if let Err(error) = send(name.as_encoded_bytes(), words) {
        tracing::warn!(%error, words, "the service manager cannot be told");
    }
}

fn send(name: &[u8], words: &str) -> io::Result<()> {
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(std::str::from_utf8(name).map_err(io::Error::other)?)?,
    };
    UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address)?;
    Ok(())
}
