//! Blocks: at most 50 in a message, each of a known type.

use std::collections::HashSet;

use serde_json::Value;

use super::elements::Place;
use super::text::Kind;
use super::{Findings, characters};

/// Blocks in one message.
const BLOCKS: usize = 50;
/// Characters of a section's text.
const SECTION_TEXT: usize = 3000;
/// Fields of a section, and the characters of each.
const FIELDS: usize = 10;
const FIELD_TEXT: usize = 2000;
/// Characters of a header.
const HEADER_TEXT: usize = 150;
const CONTEXT_ELEMENTS: usize = 10;
const ACTIONS_ELEMENTS: usize = 25;
const BLOCK_ID: usize = 255;
/// Characters of a markdown block.
const MARKDOWN_TEXT: usize = 12_000;

/// What each block has beside its `type` and `block_id`.
const MEMBERS: [(&str, &[&str]); 9] = [
    ("section", &["text", "fields", "accessory", "expand"]),
    ("divider", &[]),
    ("header", &["text"]),
    ("context", &["elements"]),
    ("actions", &["elements"]),
    ("image", &["image_url", "slack_file", "alt_text", "title"]),
    ("markdown", &["text"]),
    ("rich_text", &["elements"]),
    ("table", &["rows", "column_settings"]),
];

/// Checks the blocks at `pointer`. `ids` holds the block ids of the message so far: each must be unique.
pub(crate) fn check_blocks(
    findings: &mut Findings,
    blocks: &[Value],
    ids: &mut HashSet<String>,
    pointer: &str,
) {
    findings.at_most(blocks, BLOCKS, pointer);
    for (index, block) in blocks.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        check_block(findings, block, &pointer);
        findings.optional_text(block, "block_id", BLOCK_ID, &pointer);
        if let Some(id) = block["block_id"].as_str().filter(|id| !id.is_empty())
            && !ids.insert(id.into())
        {
            findings.add("block_id must be unique in the message", &format!("{pointer}/block_id"));
        }
    }
}

fn check_block(findings: &mut Findings, block: &Value, pointer: &str) {
    if !block.is_object() {
        findings.add("must be an object", pointer);
        return;
    }
    let Some(kind) = findings.required(block, "type", pointer) else {
        return;
    };
    if let Some((_, members)) = MEMBERS.iter().find(|(name, _)| kind == name) {
        findings.only(block, &[&["type", "block_id"], *members].concat(), pointer);
    }
    match kind.as_str() {
        Some("section") => check_section(findings, block, pointer),
        Some("divider") => {}
        Some("header") => {
            if let Some(text) = findings.required(block, "text", pointer) {
                findings.text_object(text, Kind::PlainOnly, HEADER_TEXT, &format!("{pointer}/text"));
            }
        }
        Some("context") => check_elements(findings, block, Place::Context, CONTEXT_ELEMENTS, pointer),
        Some("actions") => check_elements(findings, block, Place::Actions, ACTIONS_ELEMENTS, pointer),
        Some("image") => {
            findings.image(block, pointer);
            findings.optional_text_object(block, "title", 2000, pointer);
        }
        Some("markdown") => {
            if let Some(text) = findings.required(block, "text", pointer) {
                findings.markdown_characters += text.as_str().map_or(0, characters);
                findings.characters(text, 1, MARKDOWN_TEXT, &format!("{pointer}/text"));
            }
        }
        Some("rich_text") => {
            if let Some(elements) = findings.required(block, "elements", pointer) {
                findings.items(elements, 0, usize::MAX, &format!("{pointer}/elements"));
            }
        }
        Some("table") => check_table(findings, block, pointer),
        _ => findings.add(format!("unsupported type: {kind}"), &format!("{pointer}/type")),
    }
}

/// A section has a text, fields or both, and at most one element beside them.
fn check_section(findings: &mut Findings, block: &Value, pointer: &str) {
    let present = |name: &str| block.get(name).filter(|member| !member.is_null());
    if present("text").is_none() && present("fields").is_none() {
        findings.add("missing required field: text or fields", pointer);
    }
    if let Some(text) = present("text") {
        findings.text_object(text, Kind::Any, SECTION_TEXT, &format!("{pointer}/text"));
    }
    if let Some(fields) = present("fields") {
        let pointer = format!("{pointer}/fields");
        for (index, field) in findings.items(fields, 1, FIELDS, &pointer).iter().enumerate() {
            findings.text_object(field, Kind::Any, FIELD_TEXT, &format!("{pointer}/{index}"));
        }
    }
    if let Some(accessory) = present("accessory") {
        findings.element(accessory, Place::Accessory, &format!("{pointer}/accessory"));
    }
}

fn check_elements(findings: &mut Findings, block: &Value, place: Place, most: usize, pointer: &str) {
    let Some(elements) = findings.required(block, "elements", pointer) else {
        return;
    };
    let pointer = format!("{pointer}/elements");
    for (index, element) in findings.items(elements, 1, most, &pointer).iter().enumerate() {
        findings.element(element, place, &format!("{pointer}/{index}"));
    }
}

/// A table has at most 100 rows of at most 20 cells.
fn check_table(findings: &mut Findings, block: &Value, pointer: &str) {
    let Some(rows) = findings.required(block, "rows", pointer) else {
        return;
    };
    let pointer = format!("{pointer}/rows");
    for (index, row) in findings.items(rows, 1, 100, &pointer).iter().enumerate() {
        findings.items(row, 1, 20, &format!("{pointer}/{index}"));
    }
}
