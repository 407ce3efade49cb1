//! How the doors are set up; decided by the flags.

use std::net::SocketAddr;
use std::time::Duration;

/// How posting alerts is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PostAuth {
    /// Anybody on this machine may post: the door is on loopback.
    OpenOnLoopback,
    /// Anybody who reaches the door may post; chosen in so many words.
    None,
    /// A service token as `Authorization: Bearer larum_…`.
    Bearer,
    /// A service token as the password of HTTP Basic authentication, with any user name.
    Basic,
}

/// How the doors are set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Larum's version.
    pub version: &'static str,
    /// The machine's name.
    pub hostname: String,
    /// Where it listens.
    pub listen_address: SocketAddr,
    /// Where the links in messages point, without a slash at the end.
    pub external_url: String,
    /// How posting alerts is protected.
    pub post_auth: PostAuth,
    /// How long an alert of an Alertmanager's webhook fires on when nothing more is heard of it.
    pub webhook_resolve_timeout: Duration,
}

impl Setup {
    /// Whether people reach Larum by https, by a proxy in front of it.
    pub fn is_https(&self) -> bool {
        self.external_url.starts_with("https://")
    }

    /// Host and port of the external URL.
    pub fn external_authority(&self) -> &str {
        let rest = self.external_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// Scheme, host and port of the external URL, as browsers send them in `Origin`.
    pub fn external_origin(&self) -> &str {
        let scheme = self.external_url.find("://").map_or(0, |at| at + "://".len());
        &self.external_url[..scheme + self.external_authority().len()]
    }

    /// Whether the links in messages lead nowhere for everybody else.
    pub fn external_is_loopback(&self) -> bool {
        is_loopback_host(host_of(self.external_authority()))
    }
}

/// An authority without its port; an IPv6 address keeps its brackets.
pub fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.is_empty() => host,
        _ => authority,
    }
}

/// Whether a host is this machine itself (RFC 6761, section 6.3, for `localhost` and names below it).
pub fn is_loopback_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_ports() {
        assert_eq!(host_of("a.b:9093"), "a.b");
        assert_eq!(host_of("[::1]:9093"), "[::1]");
        assert_eq!(host_of("[::1]"), "[::1]");
        assert!(is_loopback_host("LOCALHOST") && is_loopback_host("127.1.2.3") && is_loopback_host("[::1]"));
        assert!(!is_loopback_host("localhost.evil.example") && !is_loopback_host("10.0.0.1"));
    }

    #[test]
    fn the_origin_is_the_external_url_without_its_path() {
        let setup = Setup {
            version: "0",
            hostname: "h".into(),
            listen_address: ([127, 0, 0, 1], 9093).into(),
            external_url: "https://larum.example:8443/alerts".into(),
            post_auth: PostAuth::OpenOnLoopback,
            webhook_resolve_timeout: larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT,
        };
        assert_eq!(setup.external_origin(), "https://larum.example:8443");
        assert!(setup.is_https() && !setup.external_is_loopback());
    }
}
