//! What cannot be written down is refused, with the reason.

use larum_core::config::Grouping;
use larum_engine::{Refused, SettingsError, Storage, Unwritable};

use crate::house::House;

#[tokio::test]
async fn a_database_that_fails_is_not_called_a_full_disk() {
    let house = House::open().await;
    house.engine.store().close().await;
    // The first is refused by the database, the second because nothing can be written down.
    for _ in 0..2 {
        let refused = house.engine.save_grouping(Grouping::default(), 1, "ada").await.unwrap_err();
        assert!(matches!(refused, SettingsError::Storage(Unwritable::Failed)), "{refused}");
    }
    let refused = house.try_firing("Disk").await.unwrap_err();
    assert_eq!(refused, Refused::Storage(Unwritable::Failed));
    assert!(matches!(house.engine.storage(), Storage::Refuses { why: Unwritable::Failed, .. }));
}
