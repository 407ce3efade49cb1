//! Messages on their way: written down as being sent, posted, and not answered yet.

use std::collections::HashMap;
use std::sync::Arc;

use larum_core::outbox::{Delivery, DeliveryId};
use larum_core::receiver::Receiver;
use serde_json::Value;

use crate::slack::Request;
use crate::slack::reply::Voice;

/// A message on its way.
#[derive(Debug)]
pub struct Flight {
    /// Its row.
    pub delivery: Delivery,
    /// With whom Larum speaks.
    pub voice: Voice,
    /// What was posted, once it is there.
    pub request: Option<Request>,
    /// Where it is to be posted.
    path: String,
    /// How the token begins that it is to be posted with.
    token: String,
    /// What is to be posted, as it was written down.
    words: Value,
}

/// How the tokens of a receiver begin in a workspace.
pub fn token_of(receiver: &str, workspace: &str) -> String {
    format!("xoxb-1-2-{receiver}-{workspace}-")
}

impl Flight {
    /// A delivery that was written down as being sent to this receiver in these words.
    pub fn of(delivery: Delivery, receiver: &Receiver, words: &Arc<str>) -> Self {
        let (name, plain) = (&receiver.name, delivery.plain);
        let incoming = delivery.channel.as_str().starts_with("slack");
        let (voice, path, token) = match delivery.channel.is_integration() {
            false => {
                let workspace = receiver.workspace.as_deref().unwrap_or_default();
                (Voice::Api, "/api/chat.postMessage".to_owned(), token_of(name, workspace))
            }
            true if incoming => (Voice::Incoming, format!("/incoming/{name}"), String::new()),
            true => (Voice::Webhook, format!("/hook/{name}"), String::new()),
        };
        let words = match voice {
            Voice::Api if plain => larum_render::plain_of(words),
            Voice::Incoming if plain => larum_alertmanager::slack::plain_of(words),
            _ => None,
        }
        .unwrap_or_else(|| words.to_string());
        let mut words: Value = serde_json::from_str(&words).expect("what is sent is JSON");
        if voice == Voice::Api {
            words["channel"] = delivery.channel.as_str().into();
        }
        Self { delivery, voice, request: None, path, token, words }
    }

    /// Whether this is what was posted.
    fn is(&self, request: &Request, posted: &Value) -> bool {
        self.request.is_none()
            && self.path == request.path
            && request.token.starts_with(&self.token)
            && self.words == *posted
    }
}

/// All that is on its way.
#[derive(Debug, Default)]
pub struct Flights {
    /// In order of their numbers.
    pub flights: Vec<Flight>,
    /// Under which `client_msg_id` each delivery was posted.
    ids: HashMap<String, DeliveryId>,
}

impl Flights {
    /// Takes one more in.
    pub fn add(&mut self, flight: Flight) {
        self.flights.push(flight);
        self.flights.sort_by_key(|flight| flight.delivery.id);
    }

    /// How many were not posted yet.
    pub fn missing(&self) -> usize {
        self.flights.iter().filter(|flight| flight.request.is_none()).count()
    }

    /// Those that were posted, by their numbers.
    pub fn posted(&self) -> Vec<DeliveryId> {
        let posted = self.flights.iter().filter(|flight| flight.request.is_some());
        posted.map(|flight| flight.delivery.id).collect()
    }

    /// Takes one out.
    pub fn take(&mut self, id: DeliveryId) -> Option<Flight> {
        let place = self.flights.iter().position(|flight| flight.delivery.id == id)?;
        Some(self.flights.remove(place))
    }

    /// Something was posted. It is what was written down, byte for byte, and every attempt of a delivery says the same
    /// `client_msg_id`, which no other delivery says.
    pub fn was_posted(&mut self, request: Request) {
        let mut posted: Value = serde_json::from_str(&request.body).expect("what is posted is JSON");
        let name = posted.as_object_mut().and_then(|fields| fields.remove("client_msg_id"));
        let twins = self.flights.iter().filter(|flight| flight.is(&request, &posted)).count();
        assert!(
            name.is_some() || twins < 2,
            "which of {twins} equal messages this is nobody can tell: {posted}"
        );
        let flight = self.flights.iter_mut().find(|flight| flight.is(&request, &posted));
        let Some(flight) = flight else {
            panic!("{request:#?} is posted and not written down as being sent")
        };
        if let Some(name) = name {
            let name = name.as_str().expect("it is a text").to_owned();
            let first = *self.ids.entry(name.clone()).or_insert(flight.delivery.id);
            assert_eq!(first, flight.delivery.id, "two deliveries are posted as {name}");
            let names = self.ids.values().filter(|id| **id == flight.delivery.id).count();
            assert_eq!(names, 1, "{:?} is posted under {names} names", flight.delivery.id);
        }
        flight.request = Some(request);
    }
}
