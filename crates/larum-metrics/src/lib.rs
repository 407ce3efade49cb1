#![doc = include_str!("../README.md")]

mod reading;
mod host;
pub mod exposition;
mod store;
pub mod remote_write;
pub mod scrape;

pub use self::host::{Collection, Failure, HostCollector, HostPaths};
pub use self::reading::Reading;
pub use self::store::snapshot::{SnapshotError, set_aside};
pub use self::store::{
    MetricMetadata, Outcome, Store, StoreOptions, StoreStatus, Writer, Written, WrittenSeries,
};
