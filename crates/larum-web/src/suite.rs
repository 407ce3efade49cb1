//! Versions, cipher suites and curves, by the names that Go has for them.

use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::version::{TLS12, TLS13};
use rustls::{NamedGroup, SupportedCipherSuite, SupportedProtocolVersion};

use crate::error::Wrong;
use crate::file::Text;

/// In which order Go names them.
const VERSIONS: [&str; 4] = ["TLS10", "TLS11", "TLS12", "TLS13"];

/// Suites of TLS 1.2 that Go knows and nobody speaks here, for they have no forward secrecy or no authenticated
/// encryption (RFC 9325, section 4.2).
const WEAK: [&str; 10] = [
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
];

const CURVES: [(&str, NamedGroup); 4] = [
    ("X25519", NamedGroup::X25519),
    ("CurveP256", NamedGroup::secp256r1),
    ("CurveP384", NamedGroup::secp384r1),
    ("CurveP521", NamedGroup::secp521r1),
];

/// The versions from the oldest to the newest that are asked for, none of them older than TLS 1.2.
pub(crate) fn versions(
    oldest: Option<&Text>,
    newest: Option<&Text>,
) -> Result<Vec<&'static SupportedProtocolVersion>, Wrong> {
    let rank = |text: &Text| {
        let known = VERSIONS.iter().position(|version| *version == text.value);
        known.ok_or_else(|| {
            Wrong::with(text, format!("there is no version {:?} of TLS: it is TLS12 or TLS13", text.value))
        })
    };
    let from = oldest.map(rank).transpose()?.unwrap_or(2);
    let to = newest.map(rank).transpose()?.unwrap_or(3);
    let spoken: Vec<_> = [(2, &TLS12), (3, &TLS13)]
        .into_iter()
        .filter(|(rank, _)| (from..=to).contains(rank))
        .map(|(_, v)| v)
        .collect();
    match newest.or(oldest) {
        Some(text) if spoken.is_empty() => Err(Wrong::with(
            text,
            "no version of TLS is left: TLS12 and TLS13 are spoken here, and none older",
        )),
        _ => Ok(spoken),
    }
}

/// Those of the provider's suites that are asked for. Those of TLS 1.3 always are (Go, `crypto/tls`,
/// `Config.CipherSuites`).
pub(crate) fn suites(
    asked: Option<&[Text]>,
    provider: &CryptoProvider,
) -> Result<Vec<SupportedCipherSuite>, Wrong> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
        return Ok(provider.cipher_suites.clone());
    };
    let name =
        |suite: &SupportedCipherSuite| suite.suite().as_str().unwrap_or_default().replace("TLS13_", "TLS_");
    for text in asked {
        let known = provider.cipher_suites.iter().any(|suite| name(suite) == text.value);
        if !known && !WEAK.contains(&text.value.as_str()) {
            return Err(Wrong::with(text, format!("there is no cipher suite {:?}", text.value)));
        }
    }
    let wanted = |suite: &SupportedCipherSuite| {
        suite.tls13().is_some() || asked.iter().any(|text| text.value == name(suite))
    };
    Ok(provider.cipher_suites.iter().copied().filter(wanted).collect())
}

/// The curves that are asked for, in the order that is asked for.
pub(crate) fn curves(
    asked: Option<&[Text]>,
    provider: &CryptoProvider,
) -> Result<Vec<&'static dyn SupportedKxGroup>, Wrong> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(provider.kx_groups.clone()) };
    let mut chosen = Vec::new();
    for text in asked {
        let known = CURVES.iter().find(|(name, _)| *name == text.value);
        let (_, curve) = known.ok_or_else(|| {
            let names = CURVES.map(|(name, _)| name).join(", ");
            Wrong::with(text, format!("there is no curve {:?}: there are {names}", text.value))
        })?;
        chosen.extend(provider.kx_groups.iter().copied().filter(|group| group.name() == *curve));
    }
    match asked.first() {
        Some(first) if chosen.is_empty() => {
            Err(Wrong::with(first, "none of these curves is known here: add X25519"))
        }
        _ => Ok(chosen),
    }
}
