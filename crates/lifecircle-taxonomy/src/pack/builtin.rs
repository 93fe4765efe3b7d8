//! The packs that come with the crate.

macro_rules! packs {
    ($($key:literal),* $(,)?) => {
        &[$(($key, include_str!(concat!("../../data/packs/", $key, ".toml")))),*]
    };
}

pub(super) const PACKS: &[(&str, &str)] = packs![
    "cn-beijing",
    "cn-chengdu",
    "cn-complete-community",
    "cn-embedded-guide",
    "cn-gb50180",
    "cn-guiyang",
    "cn-guizhou",
    "cn-harbin",
    "cn-health-check",
    "cn-plan-145",
    "cn-shandong",
    "cn-shanghai",
    "cn-shanghai-2016",
    "cn-shanghai-2024-draft",
    "cn-tdt1063",
    "cn-yinchuan",
    "international-15min",
];

pub(super) fn find(key: &str) -> Option<(String, String)> {
    let (key, text) = PACKS.iter().find(|(known, _)| *known == key)?;
    Some((format!("{key}.toml"), (*text).to_owned()))
}
