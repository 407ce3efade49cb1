//! A web configuration file, looked at again with each connection.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use larum_files::read_text;
use parking_lot::RwLock;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::config::WebConfig;
use crate::error::{WebError, Wrong};
use crate::pem::{MAX_BYTES, Stamp};
use crate::users::Users;

/// How long a look at the files may take before a connection goes on with what is known.
const PATIENCE: Duration = Duration::from_secs(2);

/// How those who come are let in. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Web(Option<Arc<Inside>>);

#[derive(Debug)]
struct Inside {
    path: PathBuf,
    no_users: Option<&'static str>,
    known: RwLock<Known>,
    /// Who has it looks at the files; the others go on with what is known.
    turn: Arc<Mutex<()>>,
}

#[derive(Debug)]
struct Known {
    in_force: Arc<InForce>,
    /// How the files stood when they were last read, whatever came of it.
    stamps: Stamps,
}

type Stamps = Vec<(PathBuf, Stamp)>;

/// What holds now.
#[derive(Debug, Default)]
pub(crate) struct InForce {
    /// How TLS is spoken; `None` if it is not.
    pub tls: Option<Arc<ServerConfig>>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub users: Users,
}

/// What holds where no file says anything.
static NOTHING: LazyLock<Arc<InForce>> = LazyLock::new(Arc::default);

impl Web {
    /// Lets everybody in, in the clear.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Lets in whom a web configuration file says. `no_users` says what to do instead where nobody is to come in by a
    /// password of this file. Needs rustls' provider of the process. Blocks.
    ///
    /// # Errors
    /// [`WebError`]: what is wrong with the file or with those it names, and where.
    pub fn read(path: &Path, no_users: Option<&'static str>) -> Result<Self, WebError> {
        let (stamps, read) = load(path, no_users);
        let in_force = Arc::new(read?);
        let known = RwLock::new(Known { in_force, stamps });
        Ok(Self(Some(Arc::new(Inside { path: path.to_owned(), no_users, known, turn: Arc::default() }))))
    }

    /// Whether TLS is spoken. That never changes.
    pub fn speaks_tls(&self) -> bool {
        self.0.as_ref().is_some_and(|inside| inside.known.read().in_force.tls.is_some())
    }

    /// Whether nobody is let in without a password.
    pub fn asks_for_passwords(&self) -> bool {
        !self.now().users.is_open()
    }

    /// What holds now, after a look at the files.
    pub(crate) async fn looked_at(&self) -> Arc<InForce> {
        let Some(inside) = &self.0 else { return self.now() };
        if let Ok(turn) = Arc::clone(&inside.turn).try_lock_owned() {
            let looking = Arc::clone(inside);
            // A file system that never answers keeps the turn, and nobody else.
            let looking = spawn_blocking(move || {
                looking.look();
                drop(turn);
            });
            let _ = tokio::time::timeout(PATIENCE, looking).await;
        }
        self.now()
    }

    /// What holds now.
    pub(crate) fn now(&self) -> Arc<InForce> {
        self.0
            .as_ref()
            .map_or_else(|| Arc::clone(&NOTHING), |inside| Arc::clone(&inside.known.read().in_force))
    }
}

impl Inside {
    /// Reads the files if they have changed. If they are wrong, what held before holds on.
    fn look(&self) {
        let changed = {
            let known = self.known.read();
            known.stamps.iter().any(|(path, stamp)| Stamp::of(path) != *stamp)
        };
        if !changed {
            return;
        }
        let (stamps, read) = load(&self.path, self.no_users);
        let mut known = self.known.write();
        known.stamps = stamps;
        match read {
            Ok(fresh) if fresh.tls.is_some() != known.in_force.tls.is_some() => {
                tracing::error!(file = %self.path.display(), "TLS is switched on or off only by a restart: what was in force before stays");
            }
            Ok(fresh) => {
                known.in_force = Arc::new(fresh);
                tracing::info!(file = %self.path.display(), "the web configuration and its certificates were read again");
            }
            Err(error) => {
                tracing::error!(%error, "the web configuration is wrong now: what was in force before stays");
            }
        }
    }
}

/// Reads the file and those it names. How they stand is found out before they are read: what changes meanwhile is read
/// again.
fn load(path: &Path, no_users: Option<&str>) -> (Stamps, Result<InForce, WebError>) {
    let mut stamps = vec![(path.to_owned(), Stamp::of(path))];
    let read = read(path, no_users, &mut stamps);
    (stamps, read.map_err(|wrong| wrong.in_file(path)))
}

fn read(path: &Path, no_users: Option<&str>, stamps: &mut Stamps) -> Result<InForce, Wrong> {
    let provider = CryptoProvider::get_default();
    let provider = provider.ok_or_else(|| Wrong::nowhere("the process has no provider of cryptography"))?;
    let text = read_text(path, MAX_BYTES);
    let text = text.map_err(|error| Wrong::nowhere(format!("it cannot be read: {error}")))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let WebConfig { tls, headers, users } = WebConfig::parse(&text, folder, provider, no_users)?;
    for file in tls.iter().flat_map(|tls| tls.files()) {
        stamps.push((file.to_owned(), Stamp::of(file)));
    }
    let tls = tls.map(|tls| tls.build(provider)).transpose()?.map(Arc::new);
    Ok(InForce { tls, headers, users })
}
