//! Names and addresses of hosts in templates (Prometheus, "Template reference", `stripPort`, `stripDomain`).

use std::net::IpAddr;

/// Host and port of `host:port` or `[host]:port`; none of anything else (Go, package `net`, `SplitHostPort`).
fn host_and_port(text: &str) -> Option<(&str, &str)> {
    let (before, port) = text.rsplit_once(':')?;
    let host = match before.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']')?,
        None if before.contains(':') => return None,
        None => before,
    };
    (!host.contains(['[', ']']) && !port.contains(['[', ']'])).then_some((host, port))
}

/// The host of `host:port` or `[host]:port`; anything else stays as it is.
pub fn strip_port(text: &str) -> &str {
    host_and_port(text).map_or(text, |(host, _)| host)
}

/// The first part of a host's name, its port kept; an address stays as it is (Prometheus, `template/template.go`).
pub fn strip_domain(text: &str) -> String {
    let (host, port) = host_and_port(text).unwrap_or((text, ""));
    if host.parse::<IpAddr>().is_ok() {
        return text.to_owned();
    }
    let short = host.split('.').next().unwrap_or(host);
    match port {
        "" => short.to_owned(),
        _ if short.contains(':') => format!("[{short}]:{port}"),
        _ => format!("{short}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_domains_go() {
        let hosts = ["foo.example.com:12345", "192.0.2.1:1", "[2001:db8::1]:1", "2001:db8::1", "[::1]::1"];
        let bare = ["foo.example.com", "192.0.2.1", "2001:db8::1", "2001:db8::1", "[::1]::1"];
        assert_eq!(hosts.map(strip_port), bare);
        let short = ["foo:12345", "192.0.2.1:1", "[2001:db8::1]:1"];
        assert_eq!([hosts[0], hosts[1], hosts[2]].map(strip_domain), short);
        let odd = ["a]:1", "[a]b:1", "[::1]", "a:", "[::1%eth0]:1", "[a.b]:1", "1.2.3.4:"];
        assert_eq!(odd.map(strip_port), ["a]:1", "[a]b:1", "[::1]", "a", "::1%eth0", "a.b", "1.2.3.4"]);
        let short = ["a]:1", "[a]b:1", "[::1]", "a", "[::1%eth0]:1", "a:1", "1.2.3.4:"];
        assert_eq!(odd.map(strip_domain), short);
    }
}
