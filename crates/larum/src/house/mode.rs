//! As what Larum works on a data directory: what the one has written down, the other would act on without showing it.

use anyhow::bail;
use larum_store::Store;

/// As what Larum works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// `larum serve`, with settings from its console.
    Serve,
    /// `larum alertmanager`, with everything from a file.
    Alertmanager,
}

impl Mode {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Alertmanager => "alertmanager",
        }
    }

    /// Takes the data directory for this mode, if it is new or has been this mode's before.
    ///
    /// # Errors
    /// If it is another's, with what to do.
    pub async fn claim(self, store: &Store) -> anyhow::Result<()> {
        let wanted = self.as_str();
        let held = store.mode(wanted).await?;
        if held == wanted {
            return Ok(());
        }
        let dir = store.dir().display();
        bail!(
            "{dir} holds the data of `larum {held}`, whose receivers and policies would go on without a page that shows \
             them: give `larum {wanted}` a folder of its own with --storage.path, and take silences over with `larum \
             import silences`"
        )
    }
}
