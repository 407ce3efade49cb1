//! Settings as rows: what somebody changed is written in the commit that puts it into force.

use larum_core::alert::PolicyId;
use larum_core::config::Grouping;
use larum_core::receiver::ReceiverId;
use larum_core::time::Now;
use secrecy::SecretString;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::StoreError;
use crate::rows::number;

mod receiver;
mod setting;
mod grouping;
mod alerting;
mod template;
mod policy;

pub use alerting::AlertingRow;
use alerting::put_alerting;
pub use grouping::GroupingRow;
use grouping::put_grouping;
pub(crate) use grouping::{KEY as GROUPING, read_grouping};
pub use policy::PolicyRow;
use policy::put_policy;
pub(crate) use policy::{PolicyColumns, policy_record};
pub(crate) use receiver::ReceiverColumns;
use receiver::put_receiver;
pub use receiver::{ChannelFact, ReceiverRow, Sealed, SlackFacts};

/// Something that somebody changed in the settings.
#[derive(Clone, Debug)]
pub enum SettingsWrite {
    /// A receiver is new or changed.
    PutReceiver(Box<ReceiverRow>),
    /// A receiver is gone.
    DeleteReceiver(ReceiverId),
    /// Alerts are gathered in another way.
    PutGrouping {
        /// How.
        grouping: Grouping,
        /// Goes up by one with every update.
        version: u64,
        /// Who changed it.
        by: String,
    },
    /// Alerting as a whole is switched on or off.
    PutAlerting(AlertingRow),
    /// A policy is new or changed.
    PutPolicy(Box<PolicyRow>),
    /// A policy is gone.
    DeletePolicy(PolicyId),
}

impl Store {
    /// Encrypts a secret with a `nonce` drawn at random and never used twice.
    pub fn seal(&self, secret: &SecretString, nonce: [u8; 24]) -> Sealed {
        Sealed(self.key.seal(secret, nonce))
    }

    /// Decrypts a secret.
    ///
    /// # Errors
    /// [`StoreError::Secret`] if it was encrypted with another key.
    pub fn unseal(&self, sealed: &Sealed) -> Result<SecretString, StoreError> {
        self.key.open(&sealed.0)
    }

    pub(crate) async fn write_setting(
        &self,
        db: &mut SqliteConnection,
        write: &SettingsWrite,
        now: Now,
    ) -> Result<(), StoreError> {
        match write {
            SettingsWrite::PutReceiver(row) => put_receiver(db, row).await,
            SettingsWrite::DeleteReceiver(id) => delete(db, "DELETE FROM receiver WHERE id = $1", id.0).await,
            SettingsWrite::PutGrouping { grouping, version, by } => {
                put_grouping(db, grouping, *version, by, now).await
            }
            SettingsWrite::PutAlerting(row) => {
                let by = row.saved.as_ref().map(|(_, by)| by.as_str()).unwrap_or_default();
                put_alerting(db, row, by, now).await
            }
            SettingsWrite::PutPolicy(row) => put_policy(db, row).await,
            SettingsWrite::DeletePolicy(id) => {
                delete(db, "DELETE FROM policy_state WHERE policy_id = $1", id.0).await?;
                delete(db, "DELETE FROM policy WHERE id = $1", id.0).await
            }
        }
    }
}

async fn delete(db: &mut SqliteConnection, statement: &'static str, id: u64) -> Result<(), StoreError> {
    sqlx::query(statement).bind(number(id)).execute(db).await?;
    Ok(())
}
