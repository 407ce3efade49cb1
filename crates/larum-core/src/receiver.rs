//! Receivers: named Slack connections, each with up to twenty channels and its conditions.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::condition::Conditions;

/// A receiver, known by this number for as long as it exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReceiverId(pub u64);

impl fmt::Display for ReceiverId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The most channels one receiver can have.
pub const MAX_CHANNELS: usize = 20;
/// The longest name of a channel (Slack, `conversations.create`, `name`), in characters.
pub const MAX_CHANNEL_NAME: usize = 80;
/// The longest name of a receiver, in characters.
pub const MAX_RECEIVER_NAME: usize = 64;
/// The most receivers there can be.
pub const MAX_RECEIVERS: usize = 100;

/// Where a receiver is told. Mostly a Slack channel as it was named: by name (`alerts`, kept without `#` and in lower
/// case) or by id (`C0123ABCD`; that of a person is a direct message). For an integration of a configuration file it is
/// which of its kind that is in its receiver: `webhook[0]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(SmolStr);

/// Why a channel or a list of channels is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ChannelError {
    /// Nothing was typed.
    #[error("Enter a Slack channel: its name, such as #alerts, or its ID.")]
    Empty,
    /// It cannot be the name of a channel.
    #[error(
        "{given:?} cannot be a Slack channel: names have no spaces, dots or commas, and at most 80 characters."
    )]
    Malformed {
        /// What was typed.
        given: SmolStr,
    },
    /// It is in the list already.
    #[error("{channel} is in the list already.")]
    Duplicate {
        /// The channel.
        channel: Channel,
    },
    /// The list is full.
    #[error("A receiver can have at most {MAX_CHANNELS} channels; this would be number {count}.")]
    TooMany {
        /// How many there would be.
        count: usize,
    },
    /// There is no channel.
    #[error("Add a Slack channel: without one nobody is told.")]
    NoneAtAll,
}

impl Channel {
    /// Reads what a person typed: `#Alerts`, ` alerts ` and `ALERTS` are one channel; an ID stays as it is. What begins
    /// with `#` is always a name, so that `#DATABASE1` is not taken for an ID.
    ///
    /// # Errors
    /// [`ChannelError::Empty`] or [`ChannelError::Malformed`].
    pub fn parse(given: &str) -> Result<Self, ChannelError> {
        let given = given.trim();
        if is_id(given) {
            return Ok(Self(given.into()));
        }
        let bare = given.trim_start_matches('#').trim_start();
        if bare.is_empty() {
            return Err(ChannelError::Empty);
        }
        let name: String = bare.chars().flat_map(char::to_lowercase).collect();
        let wrong =
            |c: char| c.is_whitespace() || c.is_control() || (c.is_ascii_punctuation() && !"-_".contains(c));
        if name.chars().count() > MAX_CHANNEL_NAME || name.contains(wrong) {
            return Err(ChannelError::Malformed { given: given.chars().take(100).collect() });
        }
        Ok(Self(name.into()))
    }

    /// An integration of a configuration file: its kind (Alertmanager's name of it), and which of that kind it is in its
    /// receiver, counted from 0.
    pub fn integration(kind: &str, index: usize) -> Self {
        Self(smol_str::format_smolstr!("{kind}[{index}]"))
    }

    /// Reads what [`Self::as_str`] wrote.
    ///
    /// # Errors
    /// [`ChannelError`] if it cannot have written that.
    pub fn stored(text: &str) -> Result<Self, ChannelError> {
        if is_integration(text) { Ok(Self(text.into())) } else { Self::parse(text) }
    }

    /// What is sent to Slack and stored: the bare name or the ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an integration of a configuration file.
    pub fn is_integration(&self) -> bool {
        is_integration(&self.0)
    }

    /// Whether it was named by its ID.
    pub fn is_id(&self) -> bool {
        is_id(&self.0)
    }
}

/// Slack's IDs of channels, direct messages and people: a letter for the kind, then upper-case letters and digits, one
/// digit at least (Slack, "Using the Conversations API"). The console and the Slack client read them by the same rule.
fn is_id(text: &str) -> bool {
    text.len() >= 9
        && text.starts_with(['C', 'G', 'D', 'U', 'W'])
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// No channel's name has a bracket.
fn is_integration(text: &str) -> bool {
    text.ends_with(']')
}

/// `#alerts`, the ID, or the integration.
impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_id() || self.is_integration() { "" } else { "#" }, self.0)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One to [`MAX_CHANNELS`] different channels, in the order in which they were added. Cannot exist if it is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channels(Box<[Channel]>);

impl Channels {
    /// Reads a list as a person made it.
    ///
    /// # Errors
    /// The first [`ChannelError`] with the place in the list that it stands at.
    pub fn parse<T: AsRef<str>>(given: &[T]) -> Result<Self, (usize, ChannelError)> {
        if given.is_empty() {
            return Err((0, ChannelError::NoneAtAll));
        }
        let mut channels: Vec<Channel> = Vec::with_capacity(given.len().min(MAX_CHANNELS));
        for (index, text) in given.iter().enumerate() {
            let channel = Channel::parse(text.as_ref()).map_err(|error| (index, error))?;
            if channels.contains(&channel) {
                return Err((index, ChannelError::Duplicate { channel }));
            }
            if channels.len() == MAX_CHANNELS {
                return Err((index, ChannelError::TooMany { count: given.len() }));
            }
            channels.push(channel);
        }
        Ok(Self(channels.into()))
    }

    /// This one alone.
    pub fn only(channel: Channel) -> Self {
        Self([channel].into())
    }

    /// The channels.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Channel> {
        self.0.iter()
    }

    /// Whether the channel is one of them.
    pub fn contains(&self, channel: &Channel) -> bool {
        self.0.contains(channel)
    }
}

/// Who is told: a named Slack connection. Its token is not the mind's business.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// Known by this number.
    pub id: ReceiverId,
    /// Known to people by this name; unique without regard to case.
    pub name: Arc<str>,
    /// *Receive Notifications*.
    pub enabled: bool,
    /// Where it is told.
    pub channels: Channels,
    /// What it is told of, unless routes lead to it.
    pub conditions: Conditions,
    /// The Slack workspace its token belongs to, once Slack has said so; pacing is per workspace.
    pub workspace: Option<SmolStr>,
    /// Whether `workspace` is that of the token before, and Slack has not said yet whether the one that was saved
    /// since is of the same. Until then nothing is sent: what waits might be told to other people.
    pub unproven: bool,
    /// How it wants to be told.
    pub manner: Manner,
}

/// How a receiver wants to be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// Whether it is told that alerts are over (Alertmanager, "Configuration", `send_resolved`).
    pub send_resolved: bool,
    /// Whether messages to it follow one another at the pace that Slack stands.
    pub paced: bool,
}

impl Default for Manner {
    /// As Slack and people in it want it.
    fn default() -> Self {
        Self { send_resolved: true, paced: true }
    }
}

/// Why a receiver's name is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReceiverNameError {
    /// Nothing was typed.
    #[error("Give the receiver a name, such as \"Slack\" or \"Critical alerts\".")]
    Empty,
    /// It is longer than [`MAX_RECEIVER_NAME`] characters.
    #[error("The name has {length} characters; at most {MAX_RECEIVER_NAME} are allowed.")]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
    /// It has characters that no one can see.
    #[error("The name must not have line breaks or other control characters.")]
    Control,
}

/// Reads a receiver's name as a person typed it.
///
/// # Errors
/// [`ReceiverNameError`] in words for that person.
pub fn parse_receiver_name(given: &str) -> Result<Arc<str>, ReceiverNameError> {
    let name = given.trim();
    match name.chars().count() {
        0 => Err(ReceiverNameError::Empty),
        _ if name.contains(char::is_control) => Err(ReceiverNameError::Control),
        1..=MAX_RECEIVER_NAME => Ok(name.into()),
        length => Err(ReceiverNameError::TooLong { length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_to_type_one_channel() {
        let names = ["#a", "A", " a "].map(|given| Channel::parse(given).unwrap());
        assert!(names.iter().all(|name| name.to_string() == "#a"));
        assert_eq!(Channel::parse("C0123ABCD").unwrap().to_string(), "C0123ABCD");
        assert_ne!(Channel::parse("c0123abcd").unwrap(), Channel::parse("C0123ABCD").unwrap());
        assert_eq!(Channel::parse("#ünï-日本_1").unwrap().as_str(), "ünï-日本_1");
    }

    #[test]
    fn a_name_is_not_taken_for_an_id_nor_an_id_for_a_name() {
        for id in ["C0123ABCD", "G0123ABCD", "D0123ABCD", "U0123ABCD", "W0123ABCD"] {
            assert_eq!(Channel::parse(id).unwrap().as_str(), id);
        }
        assert_eq!(Channel::parse("#DATABASE1").unwrap().as_str(), "database1");
        assert_eq!(Channel::parse(" # C0123ABCD").unwrap().to_string(), "#c0123abcd");
        assert_eq!(Channel::parse("CRITICALS").unwrap().to_string(), "#criticals");
        assert_eq!(Channel::parse("C0123ABC").unwrap().to_string(), "#c0123abc");
    }

    #[test]
    fn what_cannot_be_a_channel_is_refused() {
        assert_eq!(Channel::parse(" # ").unwrap_err(), ChannelError::Empty);
        for given in ["a b", "a,b", "@someone", "a\nb", "https://x", &"x".repeat(81)] {
            assert!(matches!(Channel::parse(given), Err(ChannelError::Malformed { .. })), "{given}");
        }
    }

    #[test]
    fn twenty_channels_and_no_more() {
        let names: Vec<String> = (0..21).map(|n| format!("c{n}")).collect();
        assert!(Channels::parse(&names[..20]).is_ok());
        let (place, error) = Channels::parse(&names).unwrap_err();
        assert_eq!((place, error.clone()), (20, ChannelError::TooMany { count: 21 }));
        assert!(error.to_string().contains("at most 20 channels; this would be number 21"));
        assert!(matches!(Channels::parse(&["#a", "A"]), Err((1, ChannelError::Duplicate { .. }))));
        assert!(matches!(Channels::parse::<&str>(&[]), Err((0, ChannelError::NoneAtAll))));
    }
}
