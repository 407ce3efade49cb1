//! The committed description of the API is the one that the code makes.

use std::path::Path;

#[test]
fn the_committed_description_is_the_codes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console/openapi.json");
    let made = larum_api::openapi_json();
    if std::env::var_os("LARUM_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "console/openapi.json is not what the code makes: run\n    LARUM_UPDATE=1 cargo test -p larum-api --test openapi\nand then `npm run api` in console/"
    );
}
