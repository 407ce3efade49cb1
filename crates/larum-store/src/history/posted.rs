//! Which message of a group a channel has, so that it can be said anew.

use larum_core::outbox::Delivery;

use crate::Store;
use crate::error::StoreError;
use crate::rows::number;

/// The last message of the group that arrived there before this one. What a group has to say once nothing of it was
/// told as firing begins anew (Alertmanager, `notify/dedup_stage.go`, where a first notification forgets what was kept
/// of the one before).
const POSTED: &str = "
SELECT ts, channel_id FROM delivery AS earlier
WHERE group_id = $1 AND turn < $2 AND receiver_id = $3 AND channel = $4 AND state = 'delivered' AND ts <> ''
    AND NOT EXISTS (
        SELECT 1 FROM delivery AS later JOIN body ON body.id = later.body_id
        WHERE later.group_id = $1 AND later.turn > earlier.turn AND later.turn <= $2
            AND later.receiver_id = $3 AND later.channel = $4 AND body.reason = 'first_notification')
ORDER BY turn DESC LIMIT 1";

/// A message that is in Slack.
#[derive(Clone, PartialEq, Eq, Debug, sqlx::FromRow)]
pub struct Posted {
    /// Slack's number of the message.
    pub ts: String,
    /// Slack's ID of the channel.
    pub channel_id: String,
}

impl Store {
    /// The message whose place this delivery can take: the last one of its group that the channel has, as long as the
    /// group did not fall silent since. It stays the same until this delivery has arrived, for those of a group go one
    /// after the other.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn posted_before(&self, delivery: &Delivery) -> Result<Option<Posted>, StoreError> {
        let query = sqlx::query_as(POSTED)
            .bind(number(delivery.group.0))
            .bind(i64::from(delivery.turn))
            .bind(number(delivery.receiver.0))
            .bind(delivery.channel.as_str());
        Ok(query.fetch_optional(&self.outgoing).await?)
    }
}
