//! Where a caller is.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

use crate::setup::Setup;

/// Where the other end of the connection is.
pub fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical())
}

/// Where a caller is: the other end of the connection, or behind a proxy on this machine where that says. That there
/// is one shows in the address that people are given. It puts its word last; what stands before that may be the
/// caller's own (MDN, `X-Forwarded-For`, "Security and privacy concerns").
pub fn client(extensions: &Extensions, headers: &HeaderMap, setup: &Setup) -> Option<IpAddr> {
    let peer = peer(extensions)?;
    let behind_proxy = peer.is_loopback() && !setup.external_url.is_loopback();
    Some(forwarded(headers).filter(|_| behind_proxy).unwrap_or(peer))
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    address(last.rsplit(',').next()?.trim())
}

/// An address as proxies write it: with or without a port, an IPv6 address with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443"] {
            assert_eq!(address(text), Some("2001:db8::1".parse().unwrap()), "{text}");
        }
        for text in ["203.0.113.7", "203.0.113.7:52100", "::ffff:203.0.113.7"] {
            assert_eq!(address(text), Some("203.0.113.7".parse().unwrap()), "{text}");
        }
        for text in ["", "unknown", "203.0.113", "_hidden"] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
