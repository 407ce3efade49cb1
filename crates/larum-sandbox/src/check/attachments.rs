//! Legacy attachments: few hard limits, but their blocks are held to all of Block Kit's.

use std::collections::HashSet;

use serde_json::Value;

use super::{Findings, check_blocks};

/// Members of an attachment that show something by themselves.
const VISIBLE: [&str; 9] = [
    "text",
    "fallback",
    "pretext",
    "title",
    "author_name",
    "footer",
    "image_url",
    "thumb_url",
    "markdown_text",
];

/// Checks the blocks inside the attachments, and that each is an object.
pub(crate) fn check_attachments(findings: &mut Findings, attachments: &[Value], ids: &mut HashSet<String>) {
    for (index, attachment) in attachments.iter().enumerate() {
        let pointer = format!("/attachments/{index}");
        if !attachment.is_object() {
            findings.add("must be an object", &pointer);
        } else if let Some(blocks) = attachment.get("blocks").filter(|blocks| !blocks.is_null()) {
            let pointer = format!("{pointer}/blocks");
            let blocks = findings.items(blocks, 0, usize::MAX, &pointer);
            check_blocks(findings, blocks, ids, &pointer);
        }
    }
}

/// Whether an attachment shows anything.
pub(crate) fn shows_something(attachment: &Value) -> bool {
    let has_text =
        VISIBLE.iter().any(|name| attachment[name].as_str().is_some_and(|text| !text.trim().is_empty()));
    let has_items = ["blocks", "fields", "actions"]
        .iter()
        .any(|name| attachment[name].as_array().is_some_and(|items| !items.is_empty()));
    has_text || has_items
}
