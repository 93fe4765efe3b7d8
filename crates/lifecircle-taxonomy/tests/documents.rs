//! The examples of the documents read as they stand.

use lifecircle_taxonomy::{Catalogue, Pack};

/// The TOML blocks of a document.
fn examples(document: &str) -> Vec<&str> {
    document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_guide_to_packs() {
    let examples = examples(include_str!("../../../docs/packs.md"));
    let [pack, catalogue] = examples[..] else { panic!("two examples, not {}", examples.len()) };
    let pack = Pack::from_toml("my-district.toml", pack).unwrap();
    assert_eq!(pack.lineage, ["cn-gb50180"]);
    let parent = Pack::builtin("cn-gb50180").unwrap();
    assert_eq!(pack.rules().len(), parent.rules().len() - 1, "the gym is dropped");
    assert!(Catalogue::builtin_with(&[("mine.toml", catalogue)]).is_ok());
    let guide = include_str!("../../../docs/packs.md");
    let chinese = include_str!("../../../docs/README.zh.md");
    for key in Pack::builtin_keys() {
        assert!(
            guide.contains(&format!("`{key}`")) && chinese.contains(&format!("`{key}`")),
            "{key} is not listed"
        );
    }
}

#[test]
fn the_chinese_page() {
    let examples = examples(include_str!("../../../docs/README.zh.md"));
    assert!(Pack::from_toml("my-district.toml", examples[0]).is_ok());
}
