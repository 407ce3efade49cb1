//! How alerts stand now, taken out of the state under one short lock.

use std::sync::Arc;

use larum_core::alert::Alert;
use larum_core::config::Config;
use larum_core::group::Group;
use larum_core::mute::Silenced;
use larum_core::receiver::ReceiverId;
use larum_core::route::Way;
use larum_core::silence::{Silence, Silences};
use larum_core::state::State;
use larum_core::time::Now;
use larum_core::verdict::Hushed;

use crate::view::inhibited::show_inhibitor;
use crate::view::labels::show_labels;
use crate::view::silence::{name_silence, silenced_by};
use crate::view::told::{ToldView, receiver_name};
use crate::wire::alert::{AlertReceiver, InhibitedBy};
use crate::wire::silence::SilencedBy;
use crate::wire::why::WhyGroup;

/// What several answers need of the state.
pub struct Look {
    /// The settings that the mind works with.
    pub config: Config,
    /// The silences, those that are over and still kept among them.
    pub silences: Arc<Silences>,
    now: Now,
}

/// How one alert stands.
#[derive(Default)]
pub struct Standing {
    /// Who hears of it.
    pub answers: Vec<AlertReceiver>,
    /// The groups that it stands in, by whom they tell.
    pub groups: Vec<(ReceiverId, WhyGroup)>,
    /// By what it is inhibited.
    pub inhibited: Option<InhibitedBy>,
    /// By which silences it is silenced.
    pub silenced: Vec<SilencedBy>,
}

impl Look {
    /// Takes a look.
    pub fn of(state: &State, now: Now) -> Self {
        Self { config: state.config.clone(), silences: Arc::clone(state.silences()), now }
    }

    /// How an alert stands.
    pub fn standing(state: &State, alert: &Alert, now: Now) -> Standing {
        let told = ToldView::of(state, now);
        let groups = state.groups_of(alert.id).map(|group| {
            let muted = told.hidden(group, alert);
            // What was told of others is repeated without this one.
            let repeated = alert.is_firing() && muted.is_none() && group.told.contains_key(&alert.id);
            let at = |steady| now.wall_at(steady).into();
            let shown = WhyGroup {
                labels: show_labels(&group.labels),
                route: route(group),
                turn: group.turn,
                last_turn_at: group.spoke_at.map(at),
                next_turn_at: at(group.due),
                repeats_at: state.repeats_at(group).filter(|_| repeated).map(at),
                muted: muted.map(|words| format!("{words}.")),
                muted_until: None,
            };
            (group.receiver, shown)
        });
        Standing {
            answers: told.receivers(alert),
            groups: groups.collect(),
            inhibited: state.inhibitor(alert.id).map(show_inhibitor),
            silenced: if alert.is_firing() {
                silenced_by(state.silences(), &alert.labels, now.wall)
            } else {
                Vec::new()
            },
        }
    }

    /// Adds until when what mutes an alert lasts: to look ahead in calendars takes its time, so it is done outside of
    /// the lock. By whom it is inhibited ends when that is over.
    pub fn look_ahead(&self, standing: &mut Standing) {
        let silenced_until = standing.silenced.first().map(|silence| silence.ends_at);
        let inhibited = standing.inhibited.is_some();
        for (receiver, group) in &mut standing.groups {
            if group.muted.is_none() || inhibited {
                continue;
            }
            let way = group.route.as_deref().map_or(Way::Conditions, Way::from_text);
            let opens = self.config.off_time_ends(&way, *receiver, self.now.wall);
            let off_time = self.config.off_time(&way, *receiver, self.now.wall).is_some();
            group.muted_until = if off_time { opens.map(Into::into) } else { silenced_until };
        }
    }

    /// What a receiver is shown as, if it is set up.
    pub fn name(&self, id: ReceiverId) -> Option<String> {
        let told = self.config.receiver(id).map(|receiver| receiver_name(receiver));
        told.or_else(|| self.config.name_of(id).map(ToString::to_string))
    }
}

fn route(group: &Group) -> Option<String> {
    match &group.way {
        Way::Conditions => None,
        Way::Route(key) => Some(key.to_string()),
    }
}

/// The silences and the time intervals that a decision names; silences that are kept no more are left out.
pub fn named(reason: &Hushed, silences: &Silences) -> (Vec<SilencedBy>, Vec<String>) {
    match reason {
        Hushed::Silenced(Silenced { by }) => {
            let known: Vec<&Arc<Silence>> = by.iter().filter_map(|id| silences.get(*id)).collect();
            (known.into_iter().map(|silence| name_silence(silence)).collect(), Vec::new())
        }
        Hushed::OffTime(off_time) => (Vec::new(), off_time.by.iter().map(ToString::to_string).collect()),
        _ => (Vec::new(), Vec::new()),
    }
}
