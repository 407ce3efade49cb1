//! Makes sure that there is a folder to embed the console from; without node it stays empty, and Larum then says how
//! to build the console.

fn main() {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../console/dist");
    // Where even this fails, the macro that embeds the folder says what is wrong.
    let _ = std::fs::create_dir_all(built);
    println!("cargo::rerun-if-changed={built}");
}
