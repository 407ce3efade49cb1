//! A configuration file with routes: what it says, ready to be put into force.

use std::sync::Arc;
use std::time::Duration;

use larum_core::inhibit::InhibitRule;
use larum_core::label::LabelSet;
use larum_core::routing::Routing;

use crate::command::{Change, Refused};
use crate::handle::Handle;
use crate::integration::Integrations;

/// What a configuration file says (Alertmanager, "Configuration"), ready to be put into force.
#[derive(Clone, Debug)]
pub struct RouteFile {
    /// Routes, receivers, time intervals.
    pub routing: Arc<Routing>,
    /// What inhibits what, whoever says so.
    pub inhibitions: Arc<[InhibitRule]>,
    /// What tells the receivers.
    pub integrations: Integrations,
    /// After how long an alert is over whose sender gave no end.
    pub resolve_timeout: Duration,
    /// The receivers in the order of the file, each with its labels, its name among them.
    pub receivers: Arc<[(Arc<str>, LabelSet)]>,
    /// A number that changes with the text of the file.
    pub hash: u64,
    /// The file as people may see it, without secrets.
    pub original: Arc<str>,
}

impl RouteFile {
    pub(crate) fn inhibitions(&self) -> Arc<[InhibitRule]> {
        Arc::clone(&self.inhibitions)
    }
}

impl Handle {
    /// The file of routes in force, if there is one.
    pub fn route_file(&self) -> Option<Arc<RouteFile>> {
        self.shared.route_file.read().clone()
    }

    /// Puts another file of routes into force. `actor` is who asked for it.
    ///
    /// # Errors
    /// [`Refused`] in words; then the former one stays.
    pub async fn put_route_file(&self, file: RouteFile, actor: &str) -> Result<(), Refused> {
        let change = |reply| Change::PutRouteFile { file: Box::new(file), reply };
        self.ask(actor, change, || Refused::Stopping).await
    }
}
