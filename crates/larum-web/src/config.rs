//! What a web configuration file says, checked as far as that goes without its other files.

use std::path::Path;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use larum_files::named_in;
use rustls::crypto::CryptoProvider;
use serde_saphyr::Spanned;

use crate::client::{ClientAuth, Clients};
use crate::error::Wrong;
use crate::file::{self, Http, Text};
use crate::pem::{Pem, PemSource};
use crate::suite::{curves, suites, versions};
use crate::tls::TlsSettings;
use crate::users::Users;

/// What a web configuration file says.
#[derive(Debug, Default)]
pub(crate) struct WebConfig {
    pub tls: Option<TlsSettings>,
    /// What every answer bears.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub users: Users,
}

/// The headers that can be set, and to what, where that is not free (exporter toolkit, `web/handler.go`).
const HEADERS: [(&str, &[&str]); 5] = [
    ("Strict-Transport-Security", &[]),
    ("X-Content-Type-Options", &["nosniff"]),
    ("X-Frame-Options", &["deny", "sameorigin"]),
    ("X-XSS-Protection", &[]),
    ("Content-Security-Policy", &[]),
];

impl WebConfig {
    /// Reads the file's text; paths in it start at `folder`. `no_users` says why nobody is to come in by a password of
    /// this file, where that is so.
    pub fn parse(
        text: &str,
        folder: &Path,
        provider: &Arc<CryptoProvider>,
        no_users: Option<&str>,
    ) -> Result<Self, Wrong> {
        let file = file::read(text)?;
        if let Some(limit) = &file.rate_limit {
            return Err(Wrong::with(limit, "rate_limit is not supported: remove it"));
        }
        let users = match (file.basic_auth_users, no_users) {
            (Some(users), Some(why)) if !users.value.is_empty() => {
                return Err(Wrong::with(&users, format!("basic_auth_users is refused: {why}")));
            }
            (Some(users), _) => Users::read(users.value)?,
            (None, _) => Users::default(),
        };
        Ok(Self {
            tls: file.tls_server_config.map(|tls| settings(&tls, folder, provider)).transpose()?.flatten(),
            headers: headers(file.http_server_config.unwrap_or_default())?,
            users,
        })
    }
}

fn headers(http: Http) -> Result<Vec<(HeaderName, HeaderValue)>, Wrong> {
    if http.http2 == Some(true) {
        tracing::warn!("http2 is wanted and not spoken here: HTTP/1.1 is");
    }
    let mut read = Vec::new();
    for (name, value) in http.headers.unwrap_or_default() {
        let Some((_, values)) = HEADERS.iter().find(|(known, _)| *known == name) else {
            let names = HEADERS.map(|(name, _)| name).join(", ");
            return Err(Wrong::with(
                &value,
                format!("the header {name:?} cannot be set; these can: {names}"),
            ));
        };
        if !values.is_empty() && !values.contains(&value.value.as_str()) {
            return Err(Wrong::with(
                &value,
                format!("{name} is {}, not {:?}", values.join(" or "), value.value),
            ));
        }
        let sound = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(&value.value).ok());
        read.push(sound.ok_or_else(|| Wrong::with(&value, format!("{name} has what no header can have")))?);
    }
    Ok(read)
}

/// What is said of TLS; `None` if nothing is.
fn settings(
    spanned: &Spanned<file::Tls>,
    folder: &Path,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<TlsSettings>, Wrong> {
    let tls = &spanned.value;
    let one = |path: &'static str, file: &Option<Text>, place: &'static str, text: &Option<Text>| {
        one_of((path, file.as_ref()), (place, text.as_ref()), folder)
    };
    let certificate = one("cert_file", &tls.cert_file, "cert", &tls.cert)?;
    let key = one("key_file", &tls.key_file, "key", &tls.key)?;
    let authorities = one("client_ca_file", &tls.client_ca_file, "client_ca", &tls.client_ca)?;
    let auth = ClientAuth::read(tls.client_auth_type.as_ref())?;
    if certificate.is_none() && key.is_none() && authorities.is_none() && auth == ClientAuth::None {
        return Ok(None);
    }
    let missing = |what| move || Wrong::with(spanned, format!("{what} is missing"));
    let certificate = certificate.ok_or_else(missing("cert_file (or cert)"))?;
    let key = key.ok_or_else(missing("key_file (or key)"))?;
    check_clients(tls, auth, authorities.as_ref())?;
    let names = tls.client_allowed_sans.iter().flatten().map(|name| name.value.clone()).collect();
    Ok(Some(TlsSettings {
        certificate,
        key,
        clients: Clients { auth, authorities, names },
        versions: versions(tls.min_version.as_ref(), tls.max_version.as_ref())?,
        suites: suites(tls.cipher_suites.as_deref(), provider)?,
        suites_at: tls.cipher_suites.iter().flatten().next().map(|text| text.referenced),
        curves: curves(tls.curve_preferences.as_deref(), provider)?,
        ours_first: tls.prefer_server_cipher_suites.unwrap_or(true),
    }))
}

fn check_clients(tls: &file::Tls, auth: ClientAuth, authorities: Option<&Pem>) -> Result<(), Wrong> {
    match (authorities, &tls.client_auth_type) {
        (Some(pem), _) if auth == ClientAuth::None => {
            return Err(Wrong::at(
                pem.location,
                format!("{} needs a client_auth_type, as RequireAndVerifyClientCert", pem.field),
            ));
        }
        (None, Some(text)) if auth.verifies() => {
            return Err(Wrong::with(
                text,
                format!("{} needs a client_ca_file: who vouches for clients?", text.value),
            ));
        }
        _ => {}
    }
    let Some(first) = tls.client_allowed_sans.iter().flatten().next() else { return Ok(()) };
    if !auth.requires() {
        let words = "client_allowed_sans needs the client_auth_type RequireAndVerifyClientCert (or RequireAnyClientCert)";
        return Err(Wrong::with(first, words));
    }
    let mail = |name: &&Text| name.value.contains('@') && !name.value.contains("://");
    match tls.client_allowed_sans.iter().flatten().find(mail) {
        Some(name) => Err(Wrong::with(
            name,
            "names in certificates can be DNS names, IP addresses and URIs here, not e-mail addresses",
        )),
        None => Ok(()),
    }
}

/// What stands in a file or in place, not both.
fn one_of(
    (file_field, file): (&'static str, Option<&Text>),
    (text_field, text): (&'static str, Option<&Text>),
    folder: &Path,
) -> Result<Option<Pem>, Wrong> {
    let file = file.filter(|file| !file.value.is_empty());
    let text = text.filter(|text| !text.value.is_empty());
    match (file, text) {
        (Some(file), Some(_)) => {
            Err(Wrong::with(file, format!("give {file_field} or {text_field}, not both")))
        }
        (Some(file), None) => {
            let source = PemSource::File(named_in(folder, &file.value));
            Ok(Some(Pem { field: file_field, location: file.referenced, source }))
        }
        (None, Some(text)) => {
            let source = PemSource::Text(text.value.clone());
            Ok(Some(Pem { field: text_field, location: text.referenced, source }))
        }
        (None, None) => Ok(None),
    }
}
