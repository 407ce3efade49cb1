//! How each channel's lane stands, taken out of the state in one look.

use std::collections::HashMap;

use larum_core::outbox::Paused;
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::state::State;

/// How one lane stands.
#[derive(Clone, Debug, Default)]
pub struct LaneView {
    /// How many messages wait or are on their way.
    pub waiting: u64,
    /// Why nothing moves.
    pub paused: Option<Paused>,
}

/// How the lanes stand in which something waits.
#[derive(Debug, Default)]
pub struct LanesView(HashMap<(ReceiverId, Channel), LaneView>);

impl LanesView {
    /// Takes a look.
    pub fn of(state: &State) -> Self {
        let mut lanes = HashMap::new();
        for (receiver, channel, lane) in state.outbox().lanes() {
            let view = LaneView { waiting: 0, paused: lane.paused().cloned() };
            lanes.insert((receiver, channel.clone()), view);
        }
        for delivery in state.outbox().iter() {
            let view: &mut LaneView = lanes.entry((delivery.receiver, delivery.channel.clone())).or_default();
            view.waiting += 1;
        }
        Self(lanes)
    }

    /// How this lane stands.
    pub fn get(&self, receiver: ReceiverId, channel: &Channel) -> Option<&LaneView> {
        self.0.get(&(receiver, channel.clone()))
    }
}
