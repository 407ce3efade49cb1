//! An `http_config` as the file has it, for the client that keeps to it.

use larum_alertmanager::config::{self, HttpConfig, SecretSource, TlsConfig};
use larum_webhook::{
    ClientCertificate, Config, Credentials, Header, Oauth2, Proxy, Secret, Tls, TlsVersion, Trust,
};
use secrecy::SecretString;

pub(super) fn config(http: &HttpConfig) -> Config {
    let headers = http.headers.iter().map(|(name, header)| Header {
        name: name.clone(),
        values: header.values.clone(),
        secrets: header.secrets.iter().map(secret).collect(),
    });
    Config {
        credentials: credentials(http.credentials.as_ref()),
        tls: tls(&http.tls),
        proxy: proxy(&http.proxy),
        headers: headers.collect(),
        follow_redirects: http.follow_redirects,
        http2: http.enable_http2,
    }
}

pub(super) fn secret(source: &SecretSource) -> Secret {
    match source {
        SecretSource::Given(text) => Secret::text(text.expose()),
        SecretSource::File(path) => Secret::file(path),
    }
}

fn credentials(given: Option<&config::Credentials>) -> Credentials {
    let maybe = |source: &Option<SecretSource>| source.as_ref().map(secret);
    match given {
        None => Credentials::None,
        Some(config::Credentials::Basic { username, password }) => {
            Credentials::Basic { user: maybe(username), password: maybe(password) }
        }
        Some(config::Credentials::Scheme { scheme, credentials }) => {
            Credentials::Scheme { scheme: scheme.clone(), credentials: maybe(credentials) }
        }
        Some(config::Credentials::Oauth2(oauth2)) => Credentials::Oauth2(Box::new(Oauth2 {
            client_id: oauth2.client_id.clone(),
            client_secret: maybe(&oauth2.client_secret),
            token_url: oauth2.token_url.clone(),
            scopes: oauth2.scopes.clone(),
            endpoint_params: oauth2.endpoint_params.clone().into_iter().collect(),
            tls: tls(&oauth2.tls),
            proxy: proxy(&oauth2.proxy),
        })),
    }
}

fn tls(given: &TlsConfig) -> Tls {
    let pair = given.cert.as_ref().zip(given.key.as_ref());
    Tls {
        trust: given.ca.as_ref().map_or(Trust::System, |ca| Trust::Only(secret(ca))),
        certificate: pair
            .map(|(cert, key)| ClientCertificate { certificate: secret(cert), key: secret(key) }),
        server_name: given.server_name.clone(),
        insecure_skip_verify: given.insecure_skip_verify,
        min_version: given.min_version.map(version),
        max_version: given.max_version.map(version),
    }
}

fn version(given: config::TlsVersion) -> TlsVersion {
    match given {
        config::TlsVersion::Tls10 => TlsVersion::Tls10,
        config::TlsVersion::Tls11 => TlsVersion::Tls11,
        config::TlsVersion::Tls12 => TlsVersion::Tls12,
        config::TlsVersion::Tls13 => TlsVersion::Tls13,
    }
}

fn proxy(given: &config::Proxy) -> Proxy {
    let headers = given.connect_headers.iter().map(|(name, values)| {
        (name.clone(), values.iter().map(|value| SecretString::from(value.expose())).collect())
    });
    let connect_headers = headers.collect();
    match &given.url {
        Some(url) => Proxy::Through {
            url: SecretString::from(url.expose()),
            no_proxy: given.no_proxy.clone(),
            connect_headers,
        },
        None if given.from_environment => Proxy::Environment { connect_headers },
        None => Proxy::Direct,
    }
}
