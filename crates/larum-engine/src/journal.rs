//! Where a step is written down.

use std::fmt::Debug;
use std::pin::Pin;

use larum_store::{Commit, Store, StoreError};

/// Where the writer writes its steps down: the store, or whoever stands before it and watches, refuses, or dies there.
pub trait Journal: Debug + Send + Sync {
    /// Writes a step down. When this answers, it is on disk; when it fails, nothing of it is.
    fn commit<'a>(&'a self, commit: &'a Commit<'a>) -> Committing<'a>;
}

/// A step that is being written down.
pub type Committing<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

impl Journal for Store {
    fn commit<'a>(&'a self, commit: &'a Commit<'a>) -> Committing<'a> {
        Box::pin(Self::commit(self, commit))
    }
}
