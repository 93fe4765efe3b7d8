//! The words of files in the words of people.

use lifecircle_indicators::{
    Attainment, Funding, InventoryState, KanoClass, Light, ProblemCause, Quadrant, Remedy, Urgency,
};
use lifecircle_taxonomy::{Base, Confidence, Delivery, Ground, Measure, ProblemClass, Requirement, Tier};
use lifecircle_types::{
    AcquisitionMode, FacilityState, GroupBasis, Placement, ProblemStatus, UnitKind, ZoneType,
};

use crate::language::Language;

/// A word of a closed list, in the language of a reader.
pub(crate) trait Word {
    /// In English and in Chinese.
    fn both(&self) -> (&'static str, &'static str);

    fn say(&self, language: Language) -> &'static str {
        let (en, zh) = self.both();
        language.pick(en, zh)
    }
}

macro_rules! words {
    ($($name:ty { $($variant:ident = $en:literal, $zh:literal;)+ })+) => {
        $(impl Word for $name {
            fn both(&self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($en, $zh)),+ }
            }
        })+
    };
}

words! {
    Attainment {
        Met = "met", "达标";
        Open = "open", "待定";
        Missed = "missed", "未达标";
    }
    InventoryState {
        Assessed = "assessed", "已评估";
        Partial = "hints only", "仅有线索";
        NotAssessed = "not assessed", "未评估";
        MeasuredOtherwise = "measured in another way", "另行测算";
    }
    Tier {
        Basic = "basic", "基本公共服务";
        InclusiveNonBasic = "inclusive non-basic", "普惠性非基本公共服务";
        LifeService = "life services", "生活服务";
    }
    Requirement {
        Must = "required", "应配";
        AsNeeded = "as needed", "按需";
        Feature = "feature", "特色";
    }
    Confidence {
        Policy = "policy text", "政策原文";
        Verified = "checked against the text", "已核对原文";
        Derived = "derived", "推导";
        Partial = "partly checked", "部分核对";
        Memory = "unconfirmed", "未经核对";
    }
    ProblemClass {
        BelowStandard = "below standard", "低于配建标准";
        FunctionIncomplete = "function incomplete", "功能不全";
        ServiceInadequate = "service inadequate", "服务不足";
        OutOfReach = "out of reach", "可达不足";
        OverCapacity = "full", "满负荷";
        ClosedWhenNeeded = "closed when needed", "需要时未开放";
        Unaffordable = "unaffordable", "费用过高";
        LowSatisfaction = "low satisfaction", "满意度低";
        NoData = "no data", "缺少数据";
    }
    ProblemCause {
        Distance = "distance", "距离过远";
        Barrier = "barrier", "阻隔绕行";
        Absent = "no site", "没有设施";
        Size = "too small", "规模不足";
        Function = "lacks a function", "缺少功能";
        NotOpen = "not in use", "未投入使用";
        Capacity = "full", "容量不足";
        Hours = "opening hours", "开放时间不足";
        Price = "price", "价格过高";
        Quality = "quality", "质量不佳";
        Data = "data", "数据不明";
    }
    Remedy {
        Build = "build a site", "新建设施";
        UseVacantSpace = "use vacant or shared space", "利用闲置或共享空间";
        OpenTheWay = "open gates or a crossing", "打通出入口或过街通道";
        Enlarge = "enlarge the site", "扩建或增设分点";
        AddFunction = "add the function", "补齐功能";
        PutIntoUse = "put it into use", "投入使用";
        AddPlaces = "add places or staff", "增加容量或人员";
        ExtendHours = "open longer", "延长开放时间";
        SupportPrice = "lower or support the price", "降低或补贴价格";
        BringToPeople = "bring it to people", "送服务上门、巡回或线上";
        RaiseQuality = "raise the quality", "提升质量";
        Survey = "find out", "补充调查";
    }
    Funding {
        Government = "government", "政府保障";
        Shared = "government, society and market", "政府支持、社会和市场提供";
        Market = "market", "市场";
        Unsettled = "unsettled", "尚未明确";
    }
    ProblemStatus {
        Found = "found", "已发现";
        Verified = "verified", "已核实";
        Assigned = "assigned", "已派单";
        Planned = "planned", "已列计划";
        InProgress = "in progress", "整改中";
        Accepted = "accepted", "已验收";
        Closed = "closed", "已销号";
        Reopened = "reopened", "重新打开";
    }
    AcquisitionMode {
        Build = "build", "新建";
        Buy = "buy", "购置";
        Swap = "swap", "置换";
        Rent = "rent", "租赁";
        Convert = "convert", "改造";
    }
    UnitKind {
        Estate = "estate", "小区";
        Community = "community", "社区";
        Block = "block", "街区";
        Street = "sub-district", "街道";
        District = "district", "区县";
        City = "city", "城市";
    }
    ZoneType {
        Urban = "urban", "城镇";
        Rural = "rural", "农村";
        NewCity = "new city", "新城";
    }
    FacilityState {
        Planned = "planned", "规划中";
        Building = "under construction", "在建";
        Open = "open on other days", "其他日期开放";
        Suspended = "suspended", "暂停";
        Closed = "closed", "关闭";
    }
    Measure {
        Sites = "sites", "处数";
        Capacity = "capacity", "容量";
        FloorArea = "m² of floor area", "建筑面积（m²）";
        SiteArea = "m² of site area", "用地面积（m²）";
        Width = "m of width", "宽度（m）";
        Classes = "classes", "班数";
        Functions = "functions", "功能项数";
        Staff = "staff", "工作人员数";
        Users = "users a year", "年使用人次";
        YearlyCost = "yearly cost", "年运营费用";
        Residents = "residents", "服务人口";
        Hours = "hours open a week", "每周开放小时数";
    }
    Base {
        Residents = "residents", "常住人口";
        Registered = "registered residents", "户籍人口";
        PermitHolders = "permit holders", "居住证持有人";
        UrbanResidents = "residents of towns", "城镇人口";
        Households = "households", "户";
        Site = "site", "处";
        Class = "class", "班";
        Unit = "unit", "单元";
        Whole = "whole", "总量";
        BuildingFloorArea = "m² of floor area around", "周边建筑面积（m²）";
    }
    Ground {
        Land = "residential land", "居住用地";
        Buildings = "residential buildings", "住宅建筑";
        Dwellings = "dwellings", "住房";
    }
    Delivery {
        Site = "at a site", "到点";
        Home = "at home", "上门";
        Mobile = "on a round", "巡回";
        Online = "online", "线上";
        Supply = "supplies other sites", "供应其他设施";
    }
    Placement {
        Given = "as given", "按给定坐标";
        Dwelling = "on dwellings", "落到住宅";
        Land = "on residential land", "落到居住用地";
        Street = "on streets", "落到街道";
        Unplaced = "without a position", "无法定位";
    }
    GroupBasis {
        Counted = "counted", "逐点统计";
        Fitted = "fitted to totals", "按总数拟合";
        WholePlaceShare = "share of the whole place", "按全域比例";
    }
    Light {
        Green = "on course", "正常";
        Amber = "slightly behind", "略滞后";
        Red = "behind", "滞后";
    }
    Quadrant {
        Concentrate = "concentrate here", "优先改进";
        KeepUp = "keep up", "继续保持";
        LowPriority = "low priority", "次要改进";
        Overkill = "more than asked", "供给过度";
    }
    KanoClass {
        MustBe = "taken for granted", "必备";
        OneDimensional = "the more the better", "期望";
        Attractive = "welcome", "魅力";
        Indifferent = "all the same", "无差异";
        Reverse = "unwanted", "反向";
        Questionable = "contradictory", "可疑";
    }
    Urgency {
        TakenForGranted = "taken for granted", "居民视为必备";
        MattersAndDisappoints = "matters and disappoints", "重要而不满意";
        AskedFor = "asked for", "诉求集中";
    }
}
