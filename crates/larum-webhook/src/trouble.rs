//! What an error of the connection means.

use std::error::Error;
use std::io;

use larum_http::innermost;

use crate::outcome::{Trouble, TroubleKind};

/// How `rustls` words that the other side ends the conversation. HTTP/2 keeps of an error its words alone.
const ALERT: &str = "received fatal alert";

/// What it means that no answer came from `host`.
pub(crate) fn lost(error: reqwest::Error, host: &str) -> Trouble {
    // Its address is a secret.
    let error = error.without_url();
    let cause = innermost(&error);
    let trouble =
        |kind, may_have_arrived, reason| Trouble { kind, status: None, may_have_arrived, wait: None, reason };
    if is_tls(&error) || cause.contains(ALERT) {
        trouble(TroubleKind::Tls, false, format!("no trust between Larum and {host}: {cause}"))
    } else if error.is_connect() {
        trouble(TroubleKind::Connect, false, format!("cannot connect to {host}: {cause}"))
    } else if error.is_builder() {
        trouble(TroubleKind::Connect, false, format!("the call to {host} could not be made: {cause}"))
    } else if error.is_timeout() {
        trouble(TroubleKind::Timeout, true, format!("{host} did not answer in time"))
    } else {
        trouble(TroubleKind::Lost, true, format!("the connection to {host} was lost: {cause}"))
    }
}

/// Whether TLS is why: a server that wants another certificate may say so only after the handshake. An error of input or
/// output does not count the one inside it among its sources.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inside = || error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>()
        || inside().is_some_and(|inside| is_tls(inside))
        || error.source().is_some_and(is_tls)
}
