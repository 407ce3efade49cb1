//! Slack's limits, and the narrower ones that Larum keeps. All count UTF-16 units, which are never fewer than the
//! characters that Slack's documentation speaks of. Its limits of 50 blocks, 10 fields and 10 elements of a context
//! block are never come near.

/// The text of a section or of one element of a context block (Slack, "Text object").
pub const SLACK_TEXT_OBJECT: usize = 3_000;
/// One field of a section (Slack, "Section block", `fields`).
pub const SLACK_FIELD: usize = 2_000;
/// A message's top-level text, as Slack advises (Slack, "chat.postMessage", "Truncating content"); a little longer
/// and Slack has been seen to make several messages of it.
pub const SLACK_TOP_TEXT: usize = 4_000;
/// The text of all blocks together. Slack does not say; refusals (`msg_blocks_too_long`) have been seen from 11,341 on.
pub const ALL_BLOCKS: usize = 10_000;

/// The one line that says it all.
pub const HEADLINE: usize = 200;
/// The least of a summary that is worth standing in a headline.
pub const HEADLINE_SUMMARY: usize = 20;
/// The alert's name, or some names, or where it is.
pub const TITLE: usize = 80;
/// The summary under the title.
pub const SUMMARY: usize = 500;
/// The description.
pub const DESCRIPTION: usize = 1_200;
/// Lines of the description; more would be folded away (Slack, "Legacy attachments": five line breaks).
pub const DESCRIPTION_LINES: usize = 12;
/// One field.
pub const FIELD: usize = 300;
/// One label's value.
pub const VALUE: usize = 80;
/// Alerts listed one by one, of those that fire and of those that are over.
pub const LISTED: usize = 10;
/// What distinguishes one listed alert from the others.
pub const LISTED_LABELS: usize = 100;
/// A whole list.
pub const LIST: usize = 1_400;
/// The line of further labels.
pub const LABELS: usize = 800;
/// One link's address; longer ones are left out, because a shortened link leads nowhere.
pub const URL: usize = 1_000;
/// All links of the last line.
pub const LINKS: usize = 1_500;
/// The plain summary of the whole message.
pub const FALLBACK: usize = 1_500;

// Escaping is counted everywhere but in a title, where each of its characters may take five.
const _: () = assert!(URL + 5 * (TITLE + 20) + VALUE + SUMMARY + SUMMARY / 4 <= SLACK_TEXT_OBJECT);
const _: () = assert!(DESCRIPTION + DESCRIPTION / 4 <= SLACK_TEXT_OBJECT && LIST <= SLACK_TEXT_OBJECT);
const _: () = assert!(LABELS <= SLACK_TEXT_OBJECT && LINKS + 3 * VALUE <= SLACK_TEXT_OBJECT);
const _: () = assert!(FIELD + VALUE <= SLACK_FIELD);
const _: () = assert!(5 * HEADLINE + FALLBACK < SLACK_TOP_TEXT);
