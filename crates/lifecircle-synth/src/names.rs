//! Plain names, in Chinese and in pinyin.
//!
//! A name is put together from words that stand in many cities: `建设` and `南` give `建设南路`. Numbers of lines and
//! parts choose the words, so that neighbours have different names and equal cities equal ones.

/// A word in characters and in pinyin.
type Word = (&'static str, &'static str);

const STEMS: [Word; 40] = [
    ("人民", "Renmin"),
    ("建设", "Jianshe"),
    ("和平", "Heping"),
    ("文化", "Wenhua"),
    ("新华", "Xinhua"),
    ("东风", "Dongfeng"),
    ("青年", "Qingnian"),
    ("光明", "Guangming"),
    ("团结", "Tuanjie"),
    ("胜利", "Shengli"),
    ("朝阳", "Chaoyang"),
    ("长江", "Changjiang"),
    ("滨河", "Binhe"),
    ("锦绣", "Jinxiu"),
    ("玉兰", "Yulan"),
    ("桂花", "Guihua"),
    ("梧桐", "Wutong"),
    ("银杏", "Yinxing"),
    ("清泉", "Qingquan"),
    ("石桥", "Shiqiao"),
    ("双林", "Shuanglin"),
    ("白马", "Baima"),
    ("龙泉", "Longquan"),
    ("凤凰", "Fenghuang"),
    ("金沙", "Jinsha"),
    ("柳荫", "Liuyin"),
    ("荷塘", "Hetang"),
    ("竹园", "Zhuyuan"),
    ("松林", "Songlin"),
    ("书院", "Shuyuan"),
    ("育才", "Yucai"),
    ("迎宾", "Yingbin"),
    ("永安", "Yongan"),
    ("太平", "Taiping"),
    ("福兴", "Fuxing"),
    ("仁和", "Renhe"),
    ("德胜", "Desheng"),
    ("万年", "Wannian"),
    ("望江", "Wangjiang"),
    ("晨光", "Chenguang"),
];

const SIDES: [Word; 5] = [("", ""), ("南", " South"), ("北", " North"), ("东", " East"), ("西", " West")];

fn join(number: usize, step: usize, words: &[(&str, &str)]) -> (String, String) {
    let stem = STEMS[(number * step) % STEMS.len()];
    let side = SIDES[number / STEMS.len() % SIDES.len()];
    let (mut chinese, mut latin) = (format!("{}{}", stem.0, side.0), format!("{}{}", stem.1, side.1));
    let round = number / (STEMS.len() * SIDES.len());
    if round > 0 {
        chinese += &format!("第{}", round + 1);
        latin += &format!(" {}", round + 1);
    }
    for word in words {
        chinese += word.0;
        latin += word.1;
    }
    (chinese, latin)
}

/// The name of a street along line `number`.
pub(crate) fn street(number: i32, runs_east: bool, is_wide: bool) -> (String, String) {
    // 0, 1, -1, 2, -2 ... become 0, 1, 2, 3, 4 ...
    let rank = usize::try_from(number.unsigned_abs()).unwrap_or(0) * 2 - usize::from(number > 0);
    let kind = match (runs_east, is_wide) {
        (_, true) => ("大道", " Avenue"),
        (true, false) => ("路", " Road"),
        (false, false) => ("街", " Street"),
    };
    join(rank, if runs_east { 7 } else { 11 }, &[kind])
}

/// Names of units that lie in one another: district, sub-district, community.
pub(crate) fn district(number: usize) -> String {
    both(join(number, 3, &[("区", " District")]))
}

pub(crate) fn sub_district(number: usize, is_rural: bool) -> String {
    both(join(number, 9, &[if is_rural { ("镇", " Town") } else { ("街道", " Sub-district") }]))
}

pub(crate) fn block(street: usize, number: usize) -> String {
    both(join(street * 4 + number, 17, &[("街区", " Quarter")]))
}

pub(crate) fn community(number: usize) -> String {
    both(join(number, 13, &[("社区", " Community")]))
}

/// What the lanes of a cell are called, before their number.
pub(crate) fn lane(number: usize) -> String {
    join(number, 29, &[]).0
}

/// The name of an estate; `ending` tells its kind.
pub(crate) fn estate(number: usize, ending: Word) -> String {
    both(join(number, 19, &[ending]))
}

/// The name of a chain or of any enterprise.
pub(crate) fn enterprise(number: usize, ending: (&str, &str)) -> String {
    both(join(number % STEMS.len(), 23, &[ending]))
}

fn both((chinese, latin): (String, String)) -> String {
    format!("{chinese} {latin}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn streets_differ() {
        let names: BTreeSet<String> = (-60..60).map(|line| street(line, true, false).0).collect();
        assert_eq!(names.len(), 120);
        assert_eq!(street(0, true, false), ("人民路".into(), "Renmin Road".into()));
    }

    #[test]
    fn many_communities_differ() {
        let names: BTreeSet<String> = (0..3000).map(community).collect();
        assert_eq!(names.len(), 3000);
    }
}
