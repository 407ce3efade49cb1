//! Hosts that are spoken to without a proxy.

use std::net::IpAddr;

use reqwest::Url;

/// A list as `NO_PROXY` has it (Go, `golang.org/x/net/http/httpproxy`, `Config.NoProxy`): names that cover themselves
/// and all below them, or with a dot in front only those below; addresses; networks in CIDR form; `*` for all. A name
/// or an address may have a port. This machine is always on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bypass(Vec<Entry>);

#[derive(Clone, Debug)]
enum Entry {
    All,
    Network { address: IpAddr, bits: u8 },
    Address { address: IpAddr, port: Option<u16> },
    Name { name: String, itself: bool, port: Option<u16> },
}

impl Bypass {
    /// Reads a list; what is no entry covers nothing.
    pub(crate) fn parse(list: &str) -> Self {
        Self(list.split(',').filter_map(|text| Entry::parse(&text.trim().to_ascii_lowercase())).collect())
    }

    /// Whether this address is spoken to without a proxy.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.');
        let host = host.to_ascii_lowercase();
        let address = host.parse::<IpAddr>().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return true;
        }
        let port = url.port_or_known_default();
        self.0.iter().any(|entry| entry.covers(&host, address, port))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((address, bits)) = text.split_once('/') {
            return Some(Self::Network { address: address.parse().ok()?, bits: bits.parse().ok()? });
        }
        if let Ok(address) = text.trim_matches(['[', ']']).parse() {
            return Some(Self::Address { address, port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text, None),
        };
        if let Ok(address) = host.trim_matches(['[', ']']).parse() {
            return Some(Self::Address { address, port });
        }
        // Go takes `*.example.com` as `.example.com`.
        let host = host.strip_prefix('*').unwrap_or(host);
        let (name, itself) = host.strip_prefix('.').map_or((host, true), |name| (name, false));
        (!name.is_empty()).then(|| Self::Name { name: name.to_owned(), itself, port })
    }

    fn covers(&self, host: &str, address: Option<IpAddr>, port: Option<u16>) -> bool {
        let right_port = |wanted: Option<u16>| wanted.is_none() || wanted == port;
        match self {
            Self::All => true,
            Self::Network { address: network, bits } => {
                address.is_some_and(|address| within(address, *network, *bits))
            }
            Self::Address { address: listed, port } => address == Some(*listed) && right_port(*port),
            Self::Name { name, itself, port } => {
                let below = || host.strip_suffix(name.as_str()).is_some_and(|front| front.ends_with('.'));
                ((*itself && host == name) || below()) && right_port(*port)
            }
        }
    }
}

/// Whether the first `bits` bits are the same.
fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (one, other, length) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let Some(free) = u32::checked_sub(length, u32::from(bits)) else { return false };
    (one ^ other).checked_shr(free).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(list: &str, url: &str) -> bool {
        Bypass::parse(list).covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_name_covers_itself_and_all_below_it() {
        let list = "example.com, .internal ,*.svc,,only.org:8443";
        for inside in
            ["http://example.com", "https://a.b.EXAMPLE.com./x", "http://a.internal", "http://b.svc:1"]
        {
            assert!(covers(list, inside), "{inside}");
        }
        for outside in ["http://notexample.com", "http://internal", "http://svc", "https://only.org"] {
            assert!(!covers(list, outside), "{outside}");
        }
        assert!(covers(list, "https://only.org:8443/x"));
    }

    #[test]
    fn addresses_and_networks_are_covered() {
        let list = "10.0.0.0/8,192.168.1.7:9093,fd00::/8,[2001:db8::1],0.0.0.0/33";
        for inside in
            ["http://10.255.0.1", "http://192.168.1.7:9093", "http://[fd12::1]/", "http://[2001:db8::1]:1"]
        {
            assert!(covers(list, inside), "{inside}");
        }
        for outside in ["http://11.0.0.1", "http://192.168.1.7", "http://[fe00::1]/", "http://ten.example"] {
            assert!(!covers(list, outside), "{outside}");
        }
        assert!(covers("0.0.0.0/0", "http://8.8.8.8") && covers("*", "http://anything"));
    }

    #[test]
    fn this_machine_is_covered_by_every_list() {
        for here in ["http://localhost:1", "http://127.0.0.9", "http://[::1]"] {
            assert!(covers("", here), "{here}");
        }
        assert!(!covers("", "http://example.com"));
    }
}
